using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Audit;

/// <summary>A row of an account's history: an event, or a ledger entry with the balance after it. Money is nano, credit positive.</summary>
/// <param name="Corrects">Position of what an entry corrects; 0 is nothing.</param>
internal sealed record AuditRow(long Position, long AtMs, AccountEvent? Event, string? Kind, long Nano, int Day, long BalanceNano, long Corrects);
