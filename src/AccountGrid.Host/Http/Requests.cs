using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Http;

/// <summary>Checks that requests share. Each says what is wrong as a refusal that names field, value and what would be right.</summary>
internal static class Requests
{
    /// <summary>Longest Idempotency-Key, characters.</summary>
    public const int KeyMaxLength = 128;

    /// <summary>Longest free text (reference, reason, channel), characters.</summary>
    public const int TextMaxLength = 256;

    public static Refusal? CheckId(string field, string? id) =>
        Ids.IsValid(id) ? null : new Refusal(RequestRefusals.IdInvalid, $"{field}: '{id}' is not {Ids.Right}.");

    public static Refusal? CheckAmount(string field, string? text, out Money amount)
    {
        if (Money.TryParse(text, out amount))
        {
            return null;
        }

        return new Refusal(RequestRefusals.AmountInvalid,
            $"{field}: '{text}' is not a decimal string of less than nine billion with at most nine decimals, such as \"128.50\".");
    }

    /// <param name="key">The caller's key made the grid's: what two callers choose are two keys, and a rotated API key's caller is the same.</param>
    public static Refusal? CheckKey(HttpContext http, out string key)
    {
        var header = http.Request.Headers["Idempotency-Key"];
        var wrong = CheckKey(http.User.Caller(), header.ToString(), out key);
        return header.Count > 1 ? new Refusal(RequestRefusals.IdempotencyKeyInvalid, "Idempotency-Key: the header is given twice; give it once.") : wrong;
    }

    /// <summary>Checks the key of a request that does not need one; null where none was sent.</summary>
    public static Refusal? CheckKeyIfGiven(HttpContext http) => http.Request.Headers["Idempotency-Key"].Count == 0 ? null : CheckKey(http, out _);

    /// <summary>The caller's key, where a valid one was sent; else a new one.</summary>
    public static string KeyOrNew(HttpContext http) => CheckKey(http, out var key) is null ? key : Guid.CreateVersion7().ToString("N");

    /// <summary>The same for a key that came in another way.</summary>
    public static Refusal? CheckKey(string caller, string? given, out string key)
    {
        given ??= "";
        key = $"{caller}:{given}";
        return given.Length switch
        {
            0 => new Refusal(RequestRefusals.IdempotencyKeyMissing, "Idempotency-Key: the header is missing; every change needs a key that you choose."),
            _ when given.Any(char.IsControl) => new Refusal(RequestRefusals.IdempotencyKeyInvalid, "Idempotency-Key: it contains control characters."),
            > KeyMaxLength => new Refusal(
                RequestRefusals.IdempotencyKeyInvalid,
                $"Idempotency-Key: it has {given.Length} characters; at most {KeyMaxLength} are allowed."),
            _ => null,
        };
    }

    /// <summary>Free text of people: bounded, without control characters, which no database text can hold.</summary>
    public static Refusal? CheckText(string field, string? text) =>
        text is null || (text.Length <= TextMaxLength && !text.Any(char.IsControl) && IsWellFormed(text))
            ? null
            : new Refusal(
                RequestRefusals.TextInvalid,
                $"{field}: it has {text.Length} characters or contains control characters; at most {TextMaxLength} printable characters are allowed.");

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One of an enumeration's names, in any case; no numbers, no combinations.</summary>
    public static bool TryName<T>(string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        return Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(text, ignoreCase: true, out value);
    }

    /// <summary>
    /// Hash of what the caller asked for, however it was written and under whichever of their keys' names, so that an idempotency key stands for one request.
    /// </summary>
    public static byte[] HashOf(GridCommand command) => SHA256.HashData(Asked(command).ToBytes());

    private static GridCommand Asked(GridCommand command) => command switch
    {
        AdjustBalance c => c with { DecidedBy = null },
        WaiveFees c => c with { DecidedBy = "" },
        DecideReading c => c with { DecidedBy = "" },
        RecordContact c => c with { By = "" },
        AgreePlan c => c with { AgreedBy = "", Grade = default },
        CancelPlan c => c with { By = "" },
        OrderRestore c => c with { By = "" },
        SetContractedCapacity c => c with { DecidedBy = null },
        CloseCase c => c with { By = "" },
        SetMeterFacts c => c with { DecidedBy = "" },
        RefundCredit c => c with { DecidedBy = null },
        CorrectTariff c => c with { DecidedBy = null },
        _ => command,
    };

    public static byte[] HashOf(object body) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web));

    /// <summary>A key for requests whose content is their identity.</summary>
    public static string KeyOf(string prefix, object body) => $"{prefix}:{Convert.ToHexStringLower(HashOf(body))[..32]}";

    /// <summary>An opaque place to go on from.</summary>
    public static string Cursor(params object[] parts) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('|', parts))).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    public static string[]? ReadCursor(string? cursor, int parts)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            var text = cursor.Replace('-', '+').Replace('_', '/');
            var read = Encoding.UTF8.GetString(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))).Split('|');
            return read.Length == parts ? read : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }
    }

    public static int Limit(int? limit) =>
        limit is null or (>= 1 and <= 500) ? limit ?? 50 : throw new BadHttpRequestException($"limit: {limit} is not 1 to 500.");
}
