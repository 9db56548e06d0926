using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>An account of a page of states.</summary>
/// <param name="BalanceNano">The balance that stands beside the packed state for people.</param>
internal sealed record AuditAccountRow(int Account, long BalanceNano, AccountState State)
{
    public decimal CreditNano => (decimal)State.Credit.Nano;

    public decimal ChargedNano => (decimal)State.Charged.Nano;

    public long LedgerNano => State.LedgerBalance.Nano;

    public long ChargedWh => State.Meters.Sum(m => m.TotalCharged.Wh);

    public long HeldWh => State.Meters.Sum(m => m.TotalHeld.Wh);
}
