using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Events;

/// <summary>
/// How members of stored records become members of public events, by their names and types: an amount, and a number <c>…Nano</c>, is a decimal string,
/// <c>…Day</c> a local day, <c>…Ms</c> an instant, numbers of meters, tariffs, packs and accounts are their ids. What a person typed, who decided, and what a
/// customer's situation is, are left out: what a webhook has carried away cannot be erased any more.
/// </summary>
internal static class EventMembers
{
    /// <summary>From this instant on, UTC ms, a time stands for "never".</summary>
    private const long NeverMs = 253_402_300_800_000;

    private static readonly HashSet<string> LeftOut =
        ["By", "AgreedBy", "ApprovedBy", "DecidedBy", "Reason", "Note", "Detail", "Reference", "ConsentReference", "Announced", "AccountId"];

    private static readonly HashSet<Type> TypesLeftOut = [typeof(TransferSource), typeof(CustomerTraits), typeof(InterlockFacts), typeof(PastCost)];

    private static readonly NullabilityInfoContext Nullability = new();

    public static List<EventMember> Of(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => !LeftOut.Contains(p.Name) && !TypesLeftOut.Contains(Plain(p.PropertyType)) && !IsTextOfCase(p)).Select(Of),
    ];

    /// <summary>How a case ended is text of a person; how a contact or a complaint ended is a code.</summary>
    private static bool IsTextOfCase(PropertyInfo p) => p.DeclaringType == typeof(CaseClosed) && p.Name == nameof(CaseClosed.Outcome);

    private static EventMember Of(PropertyInfo p)
    {
        var type = Plain(p.PropertyType);
        var member = ReferenceOf(p, type) ?? NumberOf(p, type) ?? ListOf(p, type) ?? TextOf(p, type) ?? ObjectOf(p, type);
        return member.IsRequired && IsNullable(p) ? member with { IsRequired = false } : member;
    }

    /// <summary>Numbers that stand for something with an id.</summary>
    private static EventMember? ReferenceOf(PropertyInfo p, Type type) => (p.Name, type == typeof(int), type == typeof(long)) switch
    {
        ("Meter" or "NewMeter", true, _) => Make(p, p.Name, Text("Id of a meter."), "M1", true, (v, n, _) => n.MeterOf((int)v),
            EventReference.Meter),
        ("Tariff" or "Replaced", true, _) => Make(p, p.Name, TariffSchema(), new JsonObject { ["id"] = "home", ["version"] = 2 }, false,
            (v, n, _) => n.TariffOf((int)v), EventReference.Tariff),
        ("PolicyFamily" or "Family", true, _) => Make(p, "Policy", Text("Id of a policy pack."), "cn-residential", false,
            (v, n, _) => n.PolicyOf((int)v), EventReference.Policy),
        ("ToAccount", true, _) => Make(p, p.Name, Text("Id of an account."), "A2", false, (v, n, _) => n.AccountOf((int)v), EventReference.Account),
        ("PaymentPosition", _, true) => Make(p, "Payment", Text("Id of the payment, as its answer gave it."), "12-4711", true,
            (v, _, at) => string.Create(CultureInfo.InvariantCulture, $"{at.Partition}-{v}")),
        ("CorrectsPosition", _, true) => Make(p, "Corrects", Text("Partition and position of what is corrected."), "12-4711", false,
            (v, _, at) => string.Create(CultureInfo.InvariantCulture, $"{at.Partition}-{v}")),
        _ => null,
    };

    private static EventMember? NumberOf(PropertyInfo p, Type type)
    {
        if (type == typeof(Money))
        {
            return Make(p, p.Name, Amount(), "128.500000000", true, (v, _, _) => ((Money)v).ToString()) with { IsMoney = true };
        }

        if (type == typeof(long) && p.Name.EndsWith("Nano", StringComparison.Ordinal))
        {
            return Make(p, p.Name[..^4], Amount(), "128.500000000", true, (v, _, _) => new Money((long)v).ToString()) with { IsMoney = true };
        }

        if (type == typeof(long) && p.Name.EndsWith("Ms", StringComparison.Ordinal))
        {
            return Make(p, p.Name[..^2], Format("date-time", "UTC; absent where there is none."), "2026-11-30T16:00:00Z", false,
                (v, _, _) => v is long ms and > 0 and < NeverMs ? Instants.ToText(ms) : null);
        }

        if (type == typeof(DateOnly))
        {
            return Make(p, p.Name, Format("date", "Local day of the account."), "2026-11-30", false,
                (v, _, _) => ((DateOnly)v).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (type == typeof(int) && p.Name.EndsWith("Day", StringComparison.Ordinal) && !IsDayOfMonth(p))
        {
            return Make(p, p.Name, Format("date", "Local day of the account; absent where there is none."), "2026-11-30", false,
                (v, _, _) => v is int day and > 0 ? Instants.DayToText(day) : null);
        }

        var unit = p.Name.EndsWith("Wh", StringComparison.Ordinal) ? "Watt-hours."
            : p.Name.EndsWith("Ppm", StringComparison.Ordinal) ? "Millionths."
            : p.Name.EndsWith("BasisPoints", StringComparison.Ordinal) ? "Hundredths of a percent." : null;
        return type == typeof(int) || type == typeof(long) || type == typeof(byte)
            ? Make(p, p.Name, Typed("integer", unit), 1, true, (v, _, _) => Convert.ToInt64(v, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The day of a month with which a billing period ends is a number.</summary>
    private static bool IsDayOfMonth(PropertyInfo p) => p.DeclaringType == typeof(BillingCycleSet) && p.Name == "Day";

    private static EventMember? ListOf(PropertyInfo p, Type type)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>))
        {
            return null;
        }

        var item = type.GetGenericArguments()[0];
        if (item == typeof(Money))
        {
            var member = Make(p, p.Name, List(Amount()), new JsonArray("20.000000000"), true,
                (v, _, _) => new JsonArray([.. ((IReadOnlyList<Money>)v).Select(m => (JsonNode)m.ToString())]));
            return member with { IsMoney = true };
        }

        if (item == typeof(long))
        {
            return Make(p, p.Name, List(Typed("integer", "Watt-hours.")), new JsonArray(1), true,
                (v, _, _) => new JsonArray([.. ((IReadOnlyList<long>)v).Select(l => (JsonNode)l)]));
        }

        var shape = EventShape.PartOf(item);
        var list = Make(p, p.Name, List(shape.Schema()), new JsonArray(shape.Example()), true,
            (v, n, at) => new JsonArray([.. ((System.Collections.IEnumerable)v).Cast<object>().Select(o => (JsonNode)shape.Write(o, n, at))]));
        return list with { IsMoney = shape.HasMoney };
    }

    private static EventMember? TextOf(PropertyInfo p, Type type)
    {
        if (type == typeof(VeeOutcome))
        {
            return Make(p, p.Name, Text("Code of an exception."), VeeOutcome.Spike.Code().Text, true, (v, _, _) => ((VeeOutcome)v).Code().Text);
        }

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Select(Kebab).ToArray();
            var schema = Typed("string", null);
            schema["enum"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
            return Make(p, p.Name, schema, names[^1], true, (v, _, _) => Kebab(v.ToString()!));
        }

        return type == typeof(string) ? Make(p, p.Name, Typed("string", null), ExampleOf(p.Name), true, (v, _, _) => (string)v)
            : type == typeof(RefusalCode) ? Make(p, p.Name, Typed("string", "A code of docs/error-codes.md."), "interlock.hold", true,
                (v, _, _) => ((RefusalCode)v).Text)
            : type == typeof(bool) ? Make(p, p.Name, Typed("boolean", null), true, true, (v, _, _) => (bool)v)
            : null;
    }

    private static EventMember ObjectOf(PropertyInfo p, Type type)
    {
        var shape = EventShape.PartOf(type);
        return Make(p, p.Name, shape.Schema(), shape.Example(), true, (v, n, at) => shape.Write(v, n, at));
    }

    private static EventMember Make(PropertyInfo p, string name, JsonObject schema, JsonNode example, bool isRequired,
        Func<object, EventNames, EventPlace, JsonNode?> write, EventReference refers = EventReference.None) =>
        new(JsonNamingPolicy.CamelCase.ConvertName(name), p, schema, example, isRequired, IsMoney: false, refers, write);

    private static bool IsNullable(PropertyInfo p) => Nullable.GetUnderlyingType(p.PropertyType) is not null
        || (!p.PropertyType.IsValueType && Nullability.Create(p).ReadState == NullabilityState.Nullable);

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static string ExampleOf(string name) => name switch
    {
        "Channel" => "counter",
        "Kind" => "payment",
        "Policy" => "cn-residential/1",
        _ => $"{JsonNamingPolicy.CamelCase.ConvertName(name)}-1",
    };

    private static JsonObject Amount()
    {
        var schema = Typed("string", "Decimal with nine digits behind the point.");
        schema["pattern"] = "^-?[0-9]+\\.[0-9]{9}$";
        return schema;
    }

    private static JsonObject TariffSchema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["id"] = Typed("string", null), ["version"] = Typed("integer", null) },
        ["required"] = new JsonArray("id", "version"),
    };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Text(string description) => Typed("string", description);

    private static JsonObject Format(string format, string description)
    {
        var schema = Typed("string", description);
        schema["format"] = format;
        return schema;
    }

    private static JsonObject Typed(string type, string? description)
    {
        var schema = new JsonObject { ["type"] = type };
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }
}
