using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <param name="Id">Account, rule and episode.</param>
/// <param name="DueDay">Last local day on which somebody should have acted.</param>
/// <param name="DueMs">End of the working hours of that day, UTC ms.</param>
/// <param name="Zone">Zone of the local day.</param>
public sealed record CaseEffect(string Id, int Account, CaseKind Kind, long Position, long AtMs, int DueDay, long DueMs, string Zone, Money Amount,
    string Policy);
