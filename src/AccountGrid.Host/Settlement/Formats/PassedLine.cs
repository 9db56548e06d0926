namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A line that is no payment, refund or fee, by a rule that the format or the mapping names.</summary>
/// <param name="Why">The rule, with field and value.</param>
public sealed record PassedLine(int Line, string Why);
