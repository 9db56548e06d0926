using AccountGrid.Domain;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>What a file of results says, or all that is wrong with it.</summary>
/// <param name="format"><c>pain.002</c>, <c>camt</c> or <c>csv</c>.</param>
/// <param name="digits">Decimals of the currency.</param>
internal sealed class DebitReading(string format, int digits)
{
    public string Format => format;

    public List<DebitResult> Results { get; } = [];

    /// <summary>What is said of a whole message, or of one payment information of it: it holds for what is not named by itself.</summary>
    public List<DebitGroupResult> Groups { get; } = [];

    public List<SettlementError> Errors { get; } = [];

    public void Wrong(int line, string field, string? value, string right) => Errors.Add(new(line, field, value, right));

    /// <summary>An amount of more than zero in whole smallest units; null is an error that was noted.</summary>
    public Money? Amount(int line, string field, string text, NumberForm form)
    {
        if (form.Parse(text) is { } value && value > 0 && value < 9_000_000_000m && SettlementBuilder.MoneyOf(value) is var money
            && money.RoundedTo(digits) == money)
        {
            return money;
        }

        Wrong(line, field, text, $"{form.Right}, more than 0, with at most {digits} decimals");
        return null;
    }

    /// <summary>A reason as a code of ISO 20022: by the channel's own list, or as it is; null is an error that was noted.</summary>
    public string? Reason(int line, string field, string text, IReadOnlyDictionary<string, string>? own)
    {
        if (own is not null && own.TryGetValue(text, out var code))
        {
            return code;
        }

        if (Payments.SepaText.IsReason(text))
        {
            return text;
        }

        Wrong(line, field, text.Length == 0 ? null : text, "a code of ISO 20022 such as AM04, or a reason of the channel's results.reasons");
        return null;
    }
}
