using System.Text;
using System.Text.Json;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Reads settlement rows that a channel sends as JSON in place of a file: an object with the member <c>rows</c>, of objects with the members of
/// <see cref="Members"/>. Amounts are decimal strings. Rows count from 1.
/// </summary>
internal sealed class RowsSettlement
{
    public static IReadOnlyList<string> Members { get; } =
        ["kind", "channelTxnId", "amount", "fee", "paidAt", "businessDay", "account", "reference", "original"];

    private static readonly Dictionary<string, SettlementLineKind> Kinds = new()
    {
        ["payment"] = SettlementLineKind.Payment,
        ["refund"] = SettlementLineKind.Refund,
        ["fee"] = SettlementLineKind.Fee,
    };

    private static readonly string[] TimeFormats = ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    private static readonly string[] DayFormats = ["yyyy-MM-dd"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SettlementBuilder _b;

    private RowsSettlement(SettlementBuilder b) => _b = b;

    public static SettlementReading Read(byte[] bytes, SettlementTarget target)
    {
        var b = new SettlementBuilder("rows", target, null);
        try
        {
            using var document = JsonDocument.Parse(Strict.GetString(bytes), new() { AllowDuplicateProperties = false });
            new RowsSettlement(b).Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            // Half of a pair of surrogates, written as an escape, is found only when its text is read.
            b.Wrong(0, "body", e.Message, "a JSON object with the member rows, in UTF-8");
        }

        return b.End();
    }

    private void Read(JsonElement root)
    {
        var isObject = root.ValueKind == JsonValueKind.Object;
        if (!isObject || root.EnumerateObject().Any(m => m.Name != "rows")
            || !root.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array)
        {
            var members = isObject ? string.Join(", ", root.EnumerateObject().Select(m => m.Name)) : root.ValueKind.ToString();
            _b.Wrong(0, "body", members, "a JSON object with the member rows alone, an array");
            return;
        }

        var number = 0;
        foreach (var row in rows.EnumerateArray())
        {
            try
            {
                Row(++number, row);
            }
            catch (InvalidOperationException e)
            {
                _b.Wrong(number, "row", e.Message, "text of whole characters");
            }
        }
    }

    private void Row(int number, JsonElement row)
    {
        var before = _b.Errors.Count;
        CheckMembers(number, row);
        if (_b.Errors.Count > before)
        {
            return;
        }

        string Of(string name) => row.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
        if (!Kinds.TryGetValue(Of("kind"), out var kind))
        {
            _b.Wrong(number, "kind", Of("kind"), string.Join(", ", Kinds.Keys));
            return;
        }

        var isFee = kind == SettlementLineKind.Fee;
        var txn = _b.Id(number, "channelTxnId", Of("channelTxnId"));
        var reference = _b.Id(number, "reference", Of("reference"));
        if (txn is null && reference is null && !isFee && _b.Errors.Count == before)
        {
            _b.Wrong(number, "channelTxnId", "", "an id; without one, reference names the payment");
        }

        var amount = isFee ? MoneyOf(_b.Number(number, "amount", Of("amount"), NumberForm.Plain))
            : _b.Positive(number, "amount", Of("amount"), NumberForm.Plain);
        var fee = _b.Fee(number, "fee", Of("fee"), NumberForm.Plain);
        if (isFee && fee != Money.Zero)
        {
            _b.Wrong(number, "fee", Of("fee"), "nothing for a row of kind fee, whose amount it is");
        }

        var (at, day) = TimeOf(number, Of("paidAt"), Of("businessDay"));
        _b.Take(
            new(number, kind, txn, reference is null ? [] : [new("reference", reference)], amount, fee, at, day, _b.Text(number, "account", Of("account")),
                _b.Id(number, "original", Of("original"))), before);
    }

    private void CheckMembers(int number, JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            _b.Wrong(number, "row", row.ValueKind.ToString(), "an object");
            return;
        }

        foreach (var member in row.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
            {
                _b.Wrong(number, member.Name, member.Value.GetRawText(), $"one of the members {string.Join(", ", Members)}");
            }
            else if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                _b.Wrong(number, member.Name, member.Value.GetRawText(), "a string");
            }
        }
    }

    private (DateTimeOffset? At, DateOnly Day) TimeOf(int number, string paidAt, string businessDay)
    {
        if (paidAt.Length == 0 && businessDay.Length == 0)
        {
            _b.Wrong(number, "paidAt", "", "a time; without one, businessDay is needed");
        }

        var at = paidAt.Length == 0 ? null : _b.Time(number, "paidAt", paidAt, TimeFormats);
        var day = businessDay.Length > 0 ? _b.Day(number, "businessDay", businessDay, DayFormats) : at is { } paid ? _b.Target.BusinessDay(paid) : default;
        return (at, day);
    }

    private static Money MoneyOf(decimal? value) => SettlementBuilder.MoneyOf(value ?? 0);
}
