using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>
/// The form of an event's data, made from the record that is stored: the same members give the data, their JSON Schema and an example, so that none of them
/// can differ from the others. <see cref="EventMembers"/> has the rules.
/// </summary>
internal sealed class EventShape
{
    private static readonly ConcurrentDictionary<Type, EventShape> Known = new();

    private readonly bool _isWhole;

    /// <param name="isWhole">Whether it is the data of an event, and not a part of them.</param>
    private EventShape(Type type, bool isWhole) => (Members, _isWhole) = (EventMembers.Of(type), isWhole);

    public IReadOnlyList<EventMember> Members { get; }

    /// <summary>Whether amounts of money are in it, whose currency is then named.</summary>
    private bool HasCurrency => _isWhole && HasMoney;

    public bool HasMoney => Members.Any(m => m.IsMoney);

    /// <summary>The data of an event.</summary>
    public static EventShape Of(Type type) => Known.GetOrAdd(type, t => new(t, isWhole: true));

    /// <summary>An object within the data of an event.</summary>
    public static EventShape PartOf(Type type) => new(type, isWhole: false);

    public JsonObject Write(object value, EventNames names, EventPlace place, int account)
    {
        var data = Write(value, names, place);
        if (HasCurrency && names.CurrencyOf(account) is { } currency)
        {
            data["currency"] = currency;
        }

        return data;
    }

    /// <summary>The JSON Schema, 2020-12, of the data.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var member in Members)
        {
            properties[member.Name] = member.Schema.DeepClone();
        }

        if (HasCurrency)
        {
            properties["currency"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "ISO 4217 code of all amounts; absent where the account has no tariff.",
            };
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (Members.Any(m => m.IsRequired))
        {
            schema["required"] = new JsonArray([.. Members.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name)]);
        }

        return schema;
    }

    public JsonObject Example()
    {
        var data = new JsonObject();
        foreach (var member in Members)
        {
            data[member.Name] = member.Example.DeepClone();
        }

        if (HasCurrency)
        {
            data["currency"] = "CNY";
        }

        return data;
    }

    /// <summary>Notes the numbers in an event that stand for something with an id.</summary>
    public void Collect(object value, EventNumbers numbers)
    {
        foreach (var member in Members)
        {
            if (member.Refers != EventReference.None && member.Property.GetValue(value) is int number)
            {
                numbers.Add(member.Refers, number);
            }
        }
    }

    internal JsonObject Write(object value, EventNames names, EventPlace place)
    {
        var data = new JsonObject();
        foreach (var member in Members)
        {
            if (member.Property.GetValue(value) is { } given && member.Write(given, names, place) is { } written)
            {
                data[member.Name] = written;
            }
        }

        return data;
    }
}
