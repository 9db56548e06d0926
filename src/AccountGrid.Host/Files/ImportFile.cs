using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Files;

/// <summary>
/// Reads tariffs, gateways, accounts and meters from a file. JSON: an object with lists <c>tariffs</c>, <c>accounts</c>, <c>meters</c> of the API's requests.
/// CSV: one kind per file, told by its columns. Each row is judged alone; what is not understood is refused by row or column, never dropped or guessed.
/// </summary>
public static class ImportFile
{
    private static readonly string[] Lists = ["tariffs", "accounts", "meters"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new InstantConverter() },
    };

    /// <param name="path">A name that ends in <c>.json</c> is JSON, any other CSV.</param>
    /// <param name="encoding">See <see cref="TextFile.Read"/>.</param>
    /// <exception cref="FormatException">Nothing of the file can be used; the message says why and what would be right.</exception>
    public static ImportContent Read(string path, string? encoding = null)
    {
        var text = TextFile.Read(path, encoding);
        var content = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(text) : ImportCsv.Read(text);
        if (content.Items.Count + content.Errors.Count == 0)
        {
            content.Errors.Add("the file: it has nothing to import.");
        }

        return content with { Items = WithGateways(WithoutContradictions(content)) };
    }

    private static ImportContent ReadJson(string text)
    {
        var content = new ImportContent([], [], []);
        using var document = Parse(text);
        foreach (var list in document.RootElement.EnumerateObject())
        {
            if (!Lists.Contains(list.Name) || list.Value.ValueKind != JsonValueKind.Array)
            {
                content.Errors.Add($"{list.Name}: import.invalid: the file's object takes the lists {string.Join(", ", Lists)} and nothing else.");
                continue;
            }

            var index = 0;
            foreach (var element in list.Value.EnumerateArray())
            {
                Take(content, $"{list.Name}[{index++}]", list.Name, element);
            }
        }

        return content with { Items = [.. content.Items.OrderBy(i => Array.FindIndex(Lists, l => i.Path == $"/v1/{l}"))] };
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new FormatException($"the file: it is not an object with lists {string.Join(", ", Lists)}.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"the file: it is not JSON: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Take(ImportContent content, string place, string list, JsonElement element)
    {
        try
        {
            object? body = list switch
            {
                "tariffs" => element.Deserialize<TariffDefinition>(Json),
                "accounts" => element.Deserialize<OpenAccountRequest>(Json),
                _ => element.Deserialize<InstallMeterRequest>(Json),
            };
            content.Items.Add(new ImportItem(place, $"/v1/{list}", body ?? throw new JsonException("null is none.")));
        }
        catch (JsonException e)
        {
            content.Errors.Add($"{place}: import.invalid: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Two rows of one name that say different things: which is meant cannot be known, so neither is taken. The same twice is once.</summary>
    private static List<ImportItem> WithoutContradictions(ImportContent content)
    {
        var items = new List<ImportItem>();
        foreach (var same in content.Items.GroupBy(i => (i.Path, i.Key)))
        {
            var all = same.ToList();
            if (all.Select(i => JsonSerializer.Serialize(i.Body, i.Body.GetType(), JsonSerializerOptions.Web)).Distinct().Count() == 1)
            {
                items.AddRange(all);
                continue;
            }

            content.Errors.AddRange(
                all.Select(
                    i => $"{i.Place}: import.contradiction: '{i.Key}' is also in {string.Join(", ", all.Where(o => o != i).Select(o => o.Place))}, with "
                        + "other particulars; none of them is taken."));
        }

        return items;
    }

    private static List<ImportItem> WithGateways(List<ImportItem> items)
    {
        var gateways =
            items.Select(i => i.Body).OfType<InstallMeterRequest>().Select(m => m.Gateway).Where(g => Requests.CheckId("gateway", g) is null).Distinct();
        return [.. gateways.Select(g => new ImportItem($"gateway {g}", "/v1/gateways", new GatewayRequest(g))), .. items];
    }

    /// <summary>Instants of files have an offset: without one they would be taken in the zone of whatever machine reads them.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Domain.Rfc3339.TryParse(reader.GetString(), out var instant)
                ? instant
                : throw new JsonException($"an instant must be {Domain.Rfc3339.Form}");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
