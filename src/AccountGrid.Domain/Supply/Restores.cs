using AccountGrid.Domain.Events;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>Restoring supply: at once when the cause is gone, by order of a person, or because a meter leaves.</summary>
internal static class Restores
{
    internal static void ByHand(FoldContext context, AccountState account, RestoreOrdered ordered)
    {
        if (context.MomentOf(account) is not { } at)
        {
            return;
        }

        if (at.Customer.Supply.Relay is Relay.Cut or Relay.CutReleased)
        {
            Begin(context, at, $"Ordered by {ordered.By}.");
        }
        else if (at.Customer.Supply.Relay is Relay.LastNotice or Relay.CutPlanned)
        {
            Cuts.CallOff(context, at, $"Ordered by {ordered.By}.", anew: true);
        }
    }

    /// <summary>
    /// A meter leaves the account, or is exchanged: supply behind it must not stay off for somebody else, and nothing waits for its word any more.
    /// </summary>
    /// <param name="stays">The device stays in use elsewhere: it is switched on before the account forgets it.</param>
    internal static void MeterLeaves(FoldContext context, AccountState account, int meter, bool stays)
    {
        if (account.Customer is not { Supply: { Relay: not Relay.On } supply } || context.MomentOf(account) is not { } at)
        {
            return;
        }

        if (!supply.IsOff)
        {
            Cuts.CallOff(context, at, "A meter was removed.", anew: true);
            return;
        }

        Begin(context, at, "A meter was removed.");
        if (stays && !supply.Waiting.Contains(meter))
        {
            supply.Waiting.Add(meter);
        }

        context.Effects.Relays[(account.Number, supply.Sequence)] =
            context.Effects.Relays[(account.Number, supply.Sequence)] with { Meters = [.. supply.Waiting] };
        if (supply.Waiting.Count == 0)
        {
            RelayCommands.Send(context, at, turnsOn: true, RelayCommandState.Withdrawn, 0);
            RelayCommands.Change(context, at, Relay.On, "No meter is left.");
        }
    }

    internal static void Begin(FoldContext context, in Moment at, string reason)
    {
        var supply = at.Customer.Supply;
        if (supply.Relay == Relay.CutReleased)
        {
            RelayCommands.Send(context, at, turnsOn: false, RelayCommandState.Withdrawn, supply.ExpiresMs);
        }

        var sequence = RelayCommands.NextSequence(context, supply);
        if (at.Customer.Overdue.Stage >= Stage.ReNotice)
        {
            // Restored while something is unpaid (a plan was agreed): the way to another cut begins with a new stop notice.
            StageTransitions.FallToDemand(context, at);
        }

        if (InterlockCheck.CauseOf(at.Account) == CutCause.Exhausted)
        {
            Waits.BeginAnew(context, at, reason);
        }

        RelayCommands.Change(context, at, Relay.Restoring, reason, sequence);
        RelayCommands.Send(context, at, turnsOn: true, RelayCommandState.Released, long.MaxValue);
    }

    internal static void Compensate(FoldContext context, in Moment at)
    {
        var supply = at.Customer.Supply;
        if (supply.Compensated || at.Policy.Compensation == Money.Zero
            || at.Ms <= supply.RestoreSinceMs + (at.Policy.Definition.Restore.WithinMinutes * Instants.MsPerMinute))
        {
            return;
        }

        context.Emit(at, new CompensationGiven(at.Policy.Compensation, supply.RestoreSinceMs, at.Policy.Stamp));
        context.Enter(at.Account, EntryKind.Compensation, at.Policy.Compensation, 0, at.Policy.Stamp);
    }
}
