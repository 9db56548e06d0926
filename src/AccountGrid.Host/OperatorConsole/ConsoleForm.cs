using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What an operator entered, made a request of the API. What is wrong with the entry itself is said by field; all else the API judges.</summary>
internal static partial class ConsoleForm
{
    /// <summary>As a browser's field for a day and time sends it.</summary>
    private static readonly string[] LocalFormats = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <param name="zone">The account's zone, in which days and times are entered.</param>
    /// <returns>The request, or the fields that are wrong with a key of the texts that says how.</returns>
    public static (ConsoleRequest? Request, IReadOnlyDictionary<string, string> Wrong) Read(
        ConsoleAction action, string? id, IReadOnlyDictionary<string, string> entered, string zone)
    {
        var wrong = new Dictionary<string, string>();
        var (path, body, query) = (action.Pattern, new JsonObject(), new List<string>());
        foreach (var field in action.Fields)
        {
            var text = entered.GetValueOrDefault(field.Name, "").Trim();
            if (text.Length == 0 && field.Kind != ConsoleFieldKind.Check)
            {
                if (field.IsRequired)
                {
                    wrong[field.Name] = "wrong.missing";
                }

                continue;
            }

            if (PartOf(path, field.Name) is { } part)
            {
                path = path.Replace(part, Uri.EscapeDataString(text), StringComparison.Ordinal);
            }
            else if (action.Query.Contains(field.Name))
            {
                query.Add($"{field.Name}={Uri.EscapeDataString(text)}");
            }
            else if (Value(field, text, zone) is { } value)
            {
                body[field.Name] = value;
            }
            else
            {
                wrong[field.Name] = $"wrong.{field.Kind}";
            }
        }

        path = PartOf(path, "id") is { } subject && id is not null ? path.Replace(subject, Uri.EscapeDataString(id), StringComparison.Ordinal) : path;
        return wrong.Count > 0
            ? (null, wrong)
            : (new(action.Method, query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", action.HasNoBody ? null : body), wrong);
    }

    private static string? PartOf(string pattern, string name) =>
        Parameter().Matches(pattern).Select(m => m.Value).FirstOrDefault(m => m.Trim('{', '}').Split(':')[0] == name);

    /// <summary>Null where the text is none of the kind's.</summary>
    private static JsonNode? Value(ConsoleField field, string text, string zone) => field.Kind switch
    {
        ConsoleFieldKind.Choice or ConsoleFieldKind.Hidden when field.Choices is { } choices && !choices.Contains(text) => null,
        ConsoleFieldKind.Hidden when text is "true" or "false" => text == "true",
        ConsoleFieldKind.Check => text is "true" or "on",
        ConsoleFieldKind.Number => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var number) ? number : null,
        ConsoleFieldKind.Money => Money.TryParse(text, out _) ? text : null,
        ConsoleFieldKind.Day => Day(text) is null ? null : text,
        ConsoleFieldKind.Instant => Instant(text, zone),
        ConsoleFieldKind.Instalments => Instalments(text),
        ConsoleFieldKind.Document => Document(text),
        _ => text,
    };

    /// <summary>Nothing twice: what is read of two members of one name would be chance.</summary>
    private static JsonObject? Document(string text)
    {
        try
        {
            return JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>A local time that there is once; an hour that is skipped or comes twice must be entered otherwise.</summary>
    private static string? Instant(string text, string zone)
    {
        if (LocalCalendar.Find(zone) is not { } calendar
            || !DateTime.TryParseExact(text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || calendar.Zone.IsInvalidTime(local) || calendar.Zone.IsAmbiguousTime(local))
        {
            return null;
        }

        return new DateTimeOffset(local, calendar.Zone.GetUtcOffset(local)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    private static JsonArray? Instalments(string text)
    {
        var found = new JsonArray();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || Day(parts[0]) is null || !Money.TryParse(parts[1], out _))
            {
                return null;
            }

            found.Add(new JsonObject { ["day"] = parts[0], ["amount"] = parts[1] });
        }

        return found.Count == 0 ? null : found;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
