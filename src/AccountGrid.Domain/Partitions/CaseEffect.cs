using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <param name="Id">Account, rule and episode.</param>
/// <param name="DueDay">Last local day on which somebody should have acted.</param>
public sealed record CaseEffect(string Id, int Account, CaseKind Kind, long Position, long AtMs, int DueDay, long AmountNano, string Policy);
