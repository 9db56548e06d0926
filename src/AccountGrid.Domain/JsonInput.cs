using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace AccountGrid.Domain;

/// <summary>
/// Checks JSON from outside against the type that it is to become, before it is read: a member that is not known, is given twice or is missing, null where no
/// null is possible, and a value of another kind or beyond its range are refused. Nothing is dropped, converted or guessed. Codes, in order of precedence:
/// <c>request.json_invalid</c>, then in the order of the text <c>request.member_unknown</c>, <c>request.member_duplicate</c>, <c>request.value_invalid</c>,
/// and <c>request.member_missing</c> at an object's end.
/// </summary>
public static partial class JsonInput
{
    /// <summary>Deepest nesting of objects and lists.</summary>
    public const int DepthMax = 32;

    /// <summary>Characters of a wrong value that a message repeats.</summary>
    private const int ShownMax = 40;

    /// <summary>The first thing that is wrong, naming the member, its value and what would be right; null where all is well.</summary>
    /// <param name="utf8">One JSON value in UTF-8, without a byte order mark.</param>
    /// <param name="options">Those that it is then read with.</param>
    public static Refusal? Check(ReadOnlyMemory<byte> utf8, Type type, JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Value(document.RootElement, type, isNullable: false, "", options);
        }
        catch (JsonException e)
        {
            return new Refusal(RequestRefusals.JsonInvalid, $"The body is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // What a text says that is no well-formed Unicode.
            return new Refusal(RequestRefusals.JsonInvalid, "The body has text that is not well-formed Unicode.");
        }
    }

    private static Refusal? Value(JsonElement e, Type type, bool isNullable, string path, JsonSerializerOptions options)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(JsonElement))
        {
            return null;
        }

        if (e.ValueKind == JsonValueKind.Null)
        {
            return isNullable || plain != type ? null : Wrong(path, e, "a value; where none is meant, leave the member out");
        }

        if (Scalar(e, plain) is { } scalar)
        {
            return scalar.IsRight ? null : Wrong(path, e, scalar.Right);
        }

        var info = options.GetTypeInfo(plain);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => Members(e, info, path, options),
            JsonTypeInfoKind.Enumerable => Items(e, info.ElementType!, path, options),
            JsonTypeInfoKind.Dictionary => Entries(e, info.ElementType!, path, options),
            _ => null,
        };
    }

    /// <summary>Whether a plain value is of its type, and what would be; null for types that are no plain values.</summary>
    private static (bool IsRight, string Right)? Scalar(JsonElement e, Type type)
    {
        var isNumber = e.ValueKind == JsonValueKind.Number;
        var isText = e.ValueKind == JsonValueKind.String;
        return type switch
        {
            _ when type == typeof(string) => (isText && e.GetString() is not null, "a text in quotation marks"),
            _ when type == typeof(bool) => (e.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
            _ when type == typeof(long) => (isNumber && e.TryGetInt64(out _), $"a whole number from {long.MinValue} to {long.MaxValue}"),
            _ when type == typeof(int) => (isNumber && e.TryGetInt32(out _), $"a whole number from {int.MinValue} to {int.MaxValue}"),
            _ when type == typeof(byte) => (isNumber && e.TryGetByte(out _), "a whole number from 0 to 255"),
            _ when type == typeof(decimal) => (isNumber && e.TryGetDecimal(out _), "a number"),
            _ when type == typeof(double) => (isNumber && e.TryGetDouble(out var d) && double.IsFinite(d), "a number"),
            _ when type == typeof(DateOnly) => (isText && IsDay(e.GetString()!), "a day such as 2026-03-01"),
            _ when type == typeof(DateTimeOffset) =>
                (isText && IsInstant(e), "an instant with its offset from UTC, such as 2026-03-01T00:00:00Z or 2026-03-01T08:00:00+08:00"),
            _ when type == typeof(Guid) => (isText && e.TryGetGuid(out _), "an id such as 01234567-89ab-cdef-0123-456789abcdef"),
            _ => null,
        };
    }

    private static Refusal? Members(JsonElement e, JsonTypeInfo info, string path, JsonSerializerOptions options)
    {
        if (e.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, e, "an object");
        }

        var compare = options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var known = info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null).ToDictionary(p => p.Name, compare);
        var seen = new HashSet<string>(compare);
        foreach (var member in e.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!known.TryGetValue(member.Name, out var property))
            {
                return new Refusal(RequestRefusals.MemberUnknown,
                    $"{Shown(name)}: there is no such member;{NearName.Asked(member.Name, known.Keys)} "
                        + $"{(known.Count == 0 ? "none is known here" : $"known are {string.Join(", ", known.Values.Select(p => p.Name))}")}.");
            }

            if (!seen.Add(member.Name))
            {
                return new Refusal(RequestRefusals.MemberDuplicate, $"{name}: the member is given twice; give it once.");
            }

            if (Value(member.Value, property.PropertyType, property.IsSetNullable, name, options) is { } wrong)
            {
                return wrong;
            }
        }

        return known.Values.FirstOrDefault(p => p.IsRequired && !seen.Contains(p.Name)) is { } missing
            ? new Refusal(RequestRefusals.MemberMissing, $"{(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}")}: the member is missing.")
            : null;
    }

    private static Refusal? Items(JsonElement e, Type type, string path, JsonSerializerOptions options)
    {
        if (e.ValueKind != JsonValueKind.Array)
        {
            return Wrong(path, e, "a list");
        }

        var i = 0;
        foreach (var item in e.EnumerateArray())
        {
            if (Value(item, type, isNullable: false, $"{path}[{i++}]", options) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static Refusal? Entries(JsonElement e, Type type, string path, JsonSerializerOptions options)
    {
        if (e.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, e, "an object");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in e.EnumerateObject())
        {
            var name = $"{path}.{member.Name}";
            if (!seen.Add(member.Name))
            {
                return new Refusal(RequestRefusals.MemberDuplicate, $"{name}: the member is given twice; give it once.");
            }

            if (Value(member.Value, type, isNullable: false, name, options) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>Whether a text is a day as the API writes it, <c>yyyy-MM-dd</c>.</summary>
    public static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Whether a text is written as an instant of RFC 3339, with its offset from UTC.</summary>
    public static bool IsInstantText(string text) => Instant().IsMatch(text);

    private static bool IsInstant(JsonElement e) => IsInstantText(e.GetString()!) && e.TryGetDateTimeOffset(out _);

    private static Refusal Wrong(string path, JsonElement e, string right) => new(
        RequestRefusals.ValueInvalid,
        $"{(path.Length == 0 ? "body" : Shown(path))}: {Shown(e.GetRawText())} is not {right}.");

    private static string Shown(string text) => (text.Length <= ShownMax ? text : $"{text[..ShownMax]}...").ReplaceLineEndings(" ");

    /// <summary>RFC 3339: an instant without an offset is a time of day somewhere, and nobody says where.</summary>
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();
}
