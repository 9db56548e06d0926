namespace AccountGrid.Host.DirectDebit;

/// <param name="State"><c>active</c>, <c>suspended</c>, <c>cancelled</c>, or <c>lapsed</c>: nothing was collected for 36 months.</param>
/// <param name="StateReason">Why it is not active; null where nobody said.</param>
/// <param name="LastUsed">Day of its last collection; null where there was none.</param>
/// <param name="NextSequence"><c>FRST</c>, <c>RCUR</c> or <c>OOFF</c>: what the next collection is.</param>
public sealed record MandateAnswer(
    string Id, string Account, string Channel, string Scheme, DateOnly SignedOn, string DebtorName, string DebtorAccount, string? DebtorAgent,
    string? MaxAmount, bool OneOff, string State, string? StateReason, DateOnly? LastUsed, string NextSequence);
