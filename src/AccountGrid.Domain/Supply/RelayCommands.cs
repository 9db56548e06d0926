using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>Commands to the relays of an account, and what the relays report.</summary>
internal static class RelayCommands
{
    /// <summary>A relay reports its state.</summary>
    /// <returns>The account, to be advanced and settled; null where the command is refused and nothing has changed.</returns>
    internal static AccountState? TakeReport(FoldContext context, ReportRelay command)
    {
        if (context.State.FindAccount(command.Account) is not { } account || context.MomentOf(account) is not { } at)
        {
            context.Refuse(AccountRefusals.Unknown, $"Account number {command.Account} has no workflow.");
            return null;
        }

        var supply = at.Customer.Supply;
        var expected = supply.Relay == Relay.Restoring;
        if (command.Sequence != supply.Sequence || supply.Relay is not (Relay.CutReleased or Relay.Restoring))
        {
            context.Refuse(RelayRefusals.Superseded, $"sequence: {command.Sequence} is not under way; the last is {supply.Sequence}.", account);
            return null;
        }

        if (command.IsOn == expected && supply.Waiting.Remove(command.Meter))
        {
            if (supply.Waiting.Count == 0)
            {
                Confirm(context, at, command);
            }
            else
            {
                // The rest is still to come: who has answered is not asked again.
                context.Effects.Relays[(account.Number, supply.Sequence)] = new RelayEffect(
                    account.Number, supply.Sequence, expected, RelayCommandState.Released, context.Position, context.NowMs, supply.ExpiresMs,
                    [.. supply.Waiting]);
            }
        }

        context.Accept(account);
        return account;
    }

    private static void Confirm(FoldContext context, in Moment at, ReportRelay command)
    {
        var (supply, overdue) = (at.Customer.Supply, at.Customer.Overdue);
        Send(context, at, supply.Relay == Relay.Restoring, RelayCommandState.Confirmed, supply.ExpiresMs);
        if (supply.Relay == Relay.Restoring)
        {
            Restores.Compensate(context, at);
            Change(context, at, Relay.On, null);
            NoticeWriter.Give(context, at, NoticeKind.SupplyRestored, NoticeWriter.FactsOf(context, at), holdsInQuietHours: false);
            return;
        }

        Change(context, at, Relay.Cut, null);
        if (supply.Cause == CutCause.Arrears)
        {
            context.Emit(at, new StageEntered(overdue.Stage, Stage.Cut, overdue.OverdueDays(at.Today, at.Policy), overdue.Unpaid, at.Policy.Stamp));
        }

        NoticeWriter.Give(context, at, NoticeKind.SupplyCut, SupplyNotices.SupplyCutFacts(context, at), holdsInQuietHours: false);
    }

    /// <summary>Numbers rise by the minute at least, so that those of a meter's next account are above those of its last.</summary>
    internal static int NextSequence(FoldContext context, SupplyState supply) => (int)Math.Max(supply.Sequence + 1L, context.NowMs / Instants.MsPerMinute);

    /// <param name="sequence">Number of the new command; null is the last one.</param>
    /// <param name="cause">Why supply is to be cut; null is as before.</param>
    internal static void Change(FoldContext context, in Moment at, Relay to, string? reason, int? sequence = null, CutCause? cause = null)
    {
        var supply = at.Customer.Supply;
        context.Emit(at, new RelayChanged(supply.Relay, to, sequence ?? supply.Sequence, cause ?? supply.Cause, reason));
    }

    internal static void Send(FoldContext context, in Moment at, bool turnsOn, RelayCommandState state, long expiresMs)
    {
        var supply = at.Customer.Supply;
        context.Effects.Relays[(at.Account.Number, supply.Sequence)] =
            new RelayEffect(at.Account.Number, supply.Sequence, turnsOn, state, context.Position, context.NowMs, expiresMs, [.. supply.Waiting]);
    }
}
