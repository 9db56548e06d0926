namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Values of a CSV's column <c>kind</c>; another value is an error.</summary>
/// <param name="Passed">Values whose rows are passed over.</param>
public sealed record CsvKinds(
    IReadOnlyList<string> Payment, IReadOnlyList<string>? Refund = null, IReadOnlyList<string>? Fee = null, IReadOnlyList<string>? Passed = null);
