namespace AccountGrid.Domain.Partitions;

/// <param name="Id">Account, rule and episode.</param>
/// <param name="Kind"><c>contact</c>, <c>deliver-by-hand</c>, <c>inform-authority</c>, <c>close-account</c>, <c>write-off</c>, <c>relay-unconfirmed</c>, <c>tamper</c>.</param>
/// <param name="DueDay">Last local day on which somebody should have acted.</param>
public sealed record CaseEffect(string Id, int Account, string Kind, long Position, long AtMs, int DueDay, long AmountNano, string Policy);
