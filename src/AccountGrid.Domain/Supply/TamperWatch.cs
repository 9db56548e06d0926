using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>A meter that consumes behind a relay that is confirmed off.</summary>
internal static class TamperWatch
{
    /// <summary>A meter that consumes behind a relay that is confirmed off: one that came to the account after the cut was not cut.</summary>
    internal static void Look(FoldContext context, AccountState account, MeterState meter, long fromMs, long energyWh)
    {
        if (account.Customer is not { Supply: { Relay: Relay.Cut, TamperSeen: false } supply } || fromMs < supply.SinceMs || meter.FromMs > supply.SinceMs
            || energyWh <= 0 || context.MomentOf(account) is not { } at)
        {
            return;
        }

        context.Emit(at, new TamperSuspected(meter.Number, supply.Sequence, energyWh));
        CaseBook.Open(context, at, CaseKind.Tamper);
    }
}
