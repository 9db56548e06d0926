namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A settlement file as it was read: either its content, or everything that is wrong with it.</summary>
/// <param name="Content">Null where there are errors: a file is taken whole or not at all.</param>
public sealed record SettlementReading(SettlementContent? Content, IReadOnlyList<SettlementError> Errors);
