namespace AccountGrid.Host.Settlement.Formats;

/// <summary>What a settlement file says, all of it well-formed.</summary>
/// <param name="Format"><c>csv</c>, <c>wechat</c>, <c>alipay</c>, <c>mpesa</c>, <c>camt</c> or <c>rows</c>.</param>
/// <param name="Currency">Of all amounts, ISO 4217.</param>
/// <param name="Lines">In the order of the file.</param>
/// <param name="Passed">Lines that are none of the three kinds, with the rule by which they are passed over.</param>
/// <param name="Declared">Counts and sums that the file declares; each was checked.</param>
public sealed record SettlementContent(
    string Format, string Currency, IReadOnlyList<SettlementLine> Lines, IReadOnlyList<PassedLine> Passed, IReadOnlyList<DeclaredTotal> Declared);
