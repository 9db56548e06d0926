namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A further id by which a line names its payment.</summary>
/// <param name="Kind">What gave it, such as <c>endToEnd</c>, <c>mandate</c>, <c>merchantOrder</c> or a kind of the mapping.</param>
public sealed record SettlementReference(string Kind, string Value);
