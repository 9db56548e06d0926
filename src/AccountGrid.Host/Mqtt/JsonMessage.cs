using System.Globalization;
using System.Text.Json;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>Readings of a JSON message by a profile's pointers.</summary>
internal static class JsonMessage
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static Refusal? Decode(ReadingsRule rule, IReadOnlyDictionary<string, string> variables, ReadOnlyMemory<byte> payload, ReadingLines into)
    {
        using var document = Parse(payload, out var wrong);
        if (document is null)
        {
            return wrong;
        }

        var root = document.RootElement;
        foreach (var (item, named) in rule.Items?.Each(root) ?? [(root, [])])
        {
            if (rule.When.FirstOrDefault(w => !w.Holds(item, root)) is { } other)
            {
                into.Skip($"{other.At} is not {MessageText.Of(other.Value)}");
            }
            else
            {
                Item(rule, variables, named, item, root, into);
            }

            if (into.IsTooMany)
            {
                return new Refusal(RequestRefusals.BatchTooManyItems, $"The message has more than {IngestLimits.ItemsMax} items; send smaller ones.");
            }
        }

        return null;
    }

    /// <summary>A message as JSON, or why it is none.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> payload, out Refusal? wrong)
    {
        wrong = null;
        try
        {
            var text = payload[^BatchReader.WithoutMark(payload.Span).Length..];
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException e)
        {
            wrong = new Refusal(MqttRefusals.PayloadInvalid, $"The message is not JSON with each member once: {MessageText.Short(e.Message)}");
            return null;
        }
    }

    private static void Item(ReadingsRule rule, IReadOnlyDictionary<string, string> variables, Dictionary<string, string> named, JsonElement item,
        JsonElement root, ReadingLines into)
    {
        var registers = rule.Registers.Select(r => (Rule: r, Value: r.When.All(w => w.Holds(item, root)) ? r.At!.Find(item, root) : null))
            .Where(r => r.Value is not null).ToList();
        if (registers.Count == 0)
        {
            // Voltages, signal strength: nothing that is charged.
            into.Skip($"it has none of {string.Join(", ", rule.Registers.Select(r => r.Name))}");
            return;
        }

        if (MeterOf(rule, variables, named, item, root, out var wrong) is not { } meter)
        {
            into.Refuse(wrong!.Code, wrong.Detail);
            return;
        }

        if (rule.Time!.At.Find(item, root) is not { } at)
        {
            into.Refuse(ReadingRefusals.TimeMissing, $"{rule.Time.At}: missing; a reading without the meter's time is never taken, whenever it comes.");
            return;
        }

        if (!rule.Time.TryRead(at, out var ms, out var problem))
        {
            into.Refuse(ReadingRefusals.TimeInvalid, $"{rule.Time.At}: {problem}");
            return;
        }

        foreach (var (register, value) in registers)
        {
            if (Factor(register, item, root, out var operand) is { } factor)
            {
                into.Add(meter, register.Obis, ms, register.Name, MessageText.Of(value!.Value), Times(Number(value.Value), factor), rule.Quality);
            }
            else
            {
                into.Refuse(ReadingRefusals.ValueInvalid, $"{operand}: missing, or not a number above 0; the value of {register.Name} is multiplied by it.");
            }
        }
    }

    private static string? MeterOf(ReadingsRule rule, IReadOnlyDictionary<string, string> variables, Dictionary<string, string> named, JsonElement item,
        JsonElement root, out Refusal? wrong)
    {
        wrong = null;
        if (rule.MeterVariable is { } variable)
        {
            return named.TryGetValue(variable, out var value) ? value : variables[variable];
        }

        if (rule.MeterAt!.Find(item, root) is not { } found)
        {
            wrong = new Refusal(ReadingRefusals.MeterMissing, $"{rule.MeterAt}: missing; the meter's id is needed.");
            return null;
        }

        // Serial numbers are often sent as numbers.
        var id = found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number when found.GetRawText() is var raw && raw.All(char.IsAsciiDigit) => raw,
            _ => null,
        };
        wrong = id is null
            ? new Refusal(ReadingRefusals.MeterInvalid,
                $"{rule.MeterAt}: '{MessageText.Of(found)}' is not a string, nor a whole number, of 1 to 32 characters.")
            : null;
        return id;
    }

    /// <summary>Watt-hours of one unit of the value. Null where a factor is missing: a transformer's ratio is never guessed.</summary>
    private static decimal? Factor(RegisterRule register, JsonElement item, JsonElement root, out ProfilePointer? wrong)
    {
        var factor = register.Factor;
        wrong = null;
        foreach (var pointer in register.Multiply)
        {
            if (pointer.Find(item, root) is not { } found || Number(found) is not (> 0 and < 1_000_000m) || Number(found) is not { } operand)
            {
                wrong = pointer;
                return null;
            }

            factor *= operand;
        }

        return factor;
    }

    internal static decimal? Times(decimal? value, decimal factor)
    {
        try
        {
            return value * factor;
        }
        catch (OverflowException)
        {
            return decimal.MaxValue;
        }
    }

    private static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.String => Number(value.GetString()!),
        _ => null,
    };

    internal static decimal? Number(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
