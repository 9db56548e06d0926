using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AccountGrid.Domain;

/// <summary>
/// How amounts stand in stored events and commands: as a whole number of 10^-9 units, in a member whose name is the property's with <c>Nano</c> behind it.
/// The API writes amounts as decimal strings; it does not use this.
/// </summary>
internal static class StoredAmounts
{
    /// <summary>The options of a stored form: those of its context, with amounts.</summary>
    public static JsonSerializerOptions Of(JsonSerializerOptions context)
    {
        var options = new JsonSerializerOptions(context) { TypeInfoResolver = context.TypeInfoResolver!.WithAddedModifier(Name) };
        options.Converters.Add(new NanoConverter());
        options.MakeReadOnly();
        return options;
    }

    private static void Name(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => IsAmount(p.PropertyType)))
        {
            property.Name += "Nano";
        }
    }

    private static bool IsAmount(Type type) => type == typeof(Money) || type == typeof(Money?) || type == typeof(IReadOnlyList<Money>);
}
