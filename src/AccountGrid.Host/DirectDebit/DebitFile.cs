using AccountGrid.Domain;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.DirectDebit;

/// <summary>What a file of collections is made of; the same gives the same bytes.</summary>
/// <param name="CreatedAt">When the run was begun.</param>
/// <param name="Lines">By id; not empty.</param>
internal sealed record DebitFile(
    string MessageId, DateTimeOffset CreatedAt, DateOnly Day, string Currency, DirectDebitSetting Setting, IReadOnlyList<DebitLine> Lines)
{
    public Money Total => Lines.Aggregate(Money.Zero, (sum, l) => sum + l.Amount);

    public int Digits => Currencies.DigitsOf(Currency)!.Value;

    /// <summary>An amount in the currency's decimals.</summary>
    public string Units(Money amount) =>
        (amount.Nano / (decimal)Money.NanoPerUnit).ToString($"F{Digits}", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The file, its media type and its name.</summary>
    public (byte[] Bytes, string Type, string Name) Write() => Setting.File == "csv"
        ? (DebitCsv.Write(this), "text/csv", $"{MessageId}.csv")
        : (Pain008.Write(this), "application/xml", $"{MessageId}.xml");
}
