using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>Cutting supply. The interlock decides twice, when a cut is planned and when the command leaves; the relay says when it is done.</summary>
internal static class Cuts
{
    /// <summary>A release that would be void sooner than this is none, ms: it could not be carried out.</summary>
    private const long CutLeastMs = 2 * Instants.MsPerMinute;

    /// <summary>A last notice or a planned cut that nothing came of in this time ends, ms.</summary>
    private const long LastNoticeVoidMs = Instants.MsPerDay;

    /// <summary>How long after its expiry a released cut may still be confirmed before it counts as unknown, ms.</summary>
    private const long ConfirmGraceMs = Instants.MsPerHour;

    /// <summary>The interlock's word on a cut when a last notice that leaves now has had its time.</summary>
    internal static InterlockResult LastNoticeResult(in Moment at)
    {
        var delivered = at.Customer.Overdue.LastNoticeDeliveredMs is not 0 and var known ? known : at.Ms;
        return Interlock.Evaluate(InterlockCheck.FactsOf(at.Account, at.Policy, LastNoticeCutMs(at)) with { LastNoticeDeliveredMs = delivered }, at.Policy,
            at.Account.Calendar);
    }

    internal static long LastNoticeCutMs(in Moment at)
    {
        var (overdue, minutes) = (at.Customer.Overdue, InterlockCheck.NoticeMinutes(at.Policy, at.Customer.Supply.Cause));
        return Math.Max(at.Ms, (overdue.LastNoticeDeliveredMs == 0 ? at.Ms : overdue.LastNoticeDeliveredMs) + (minutes * Instants.MsPerMinute));
    }

    /// <summary>A gateway asks for a planned cut: the interlock decides once more.</summary>
    /// <returns>The account at this moment, to be scheduled and settled; null where the command is refused and nothing has changed.</returns>
    internal static Moment? Release(FoldContext context, ReleaseCut command)
    {
        if (context.State.FindAccount(command.Account) is not { } account || context.MomentOf(account) is not { } at)
        {
            context.Refuse(AccountRefusals.Unknown, $"Account number {command.Account} has no workflow.");
            return null;
        }

        if (at.Customer.Supply.Relay != Relay.CutPlanned || at.Customer.Supply.Sequence != command.Sequence)
        {
            context.Refuse(RelayRefusals.Superseded, $"sequence: {command.Sequence} is no longer a planned cut.", account);
            return null;
        }

        var result = Interlock.Evaluate(InterlockCheck.FactsOf(account, at.Policy, at.Ms), at.Policy, account.Calendar);
        result = Faults.Sabotage.CutWithoutInterlock ? result with { Go = true, Reasons = [] } : result;
        var expires = at.Policy.CutExpiryOf(account.Calendar, at.Ms, at.Customer.Supply.Cause == CutCause.Exhausted);
        if (result.Go && expires - at.Ms < CutLeastMs)
        {
            result = result with
            {
                Go = false,
                Reasons = [new InterlockReason(InterlockReasons.HoursEnd, "The hours in which supply may be cut end before it could be carried out.")]
            };
        }

        context.Emit(at, new CutDecided(result.Go ? CutStep.Released : CutStep.Refused, command.Sequence, result));
        if (result.Go)
        {
            RelayCommands.Change(context, at, Relay.CutReleased, null);
            RelayCommands.Send(context, at, turnsOn: false, RelayCommandState.Released, expires);
            context.Accept(account);
        }
        else
        {
            CallOff(context, at, "The interlock refused.", InterlockCheck.IsStopped(result));
            context.Refuse(RelayRefusals.Interlock, string.Join(" ", result.Reasons.Select(r => r.Detail)), account);
        }

        return at;
    }

    internal static void Advance(FoldContext context, in Moment at)
    {
        var (account, supply, overdue) = (at.Account, at.Customer.Supply, at.Customer.Overdue);
        var cause = InterlockCheck.CauseOf(account);
        switch (supply.Relay)
        {
            case Relay.On when cause != CutCause.None && (cause == CutCause.Exhausted || overdue.Stage == Stage.StopNotice):
                RepeatLastNotice(context, at, cause);
                AskAuthority(context, at, cause);
                GiveLastNotice(context, at, cause);
                break;
            case Relay.LastNotice when cause != supply.Cause:
                CallOff(context, at, "The cause is gone.");
                break;
            case Relay.LastNotice when at.Ms >= supply.SinceMs + LastNoticeVoidMs:
                CallOff(context, at, "The last notice came to nothing in a day.");
                break;
            case Relay.LastNotice when overdue.LastNoticeDeliveredMs != 0
                && at.Ms >= overdue.LastNoticeDeliveredMs + (InterlockCheck.NoticeMinutes(at.Policy, cause) * Instants.MsPerMinute):
                PlanCut(context, at);
                break;
            case Relay.CutPlanned when cause != supply.Cause:
                CallOff(context, at, "The cause is gone.");
                break;
            case Relay.CutPlanned when at.Ms >= supply.SinceMs + LastNoticeVoidMs:
                CallOff(context, at, "No gateway fetched it in a day.");
                break;
            case Relay.CutReleased when cause == CutCause.None || IsTooLittle(at):
                Restores.Begin(context, at, "Paid.");
                break;
            case Relay.CutReleased when InterlockCheck.Evaluate(account, at.Policy, at.Ms) is { } now
                && (InterlockCheck.IsStopped(now) || InterlockCheck.IsProtected(now)):
                Restores.Begin(context, at, "A hold was placed after the cut was released.");
                break;
            case Relay.CutReleased when at.Ms >= supply.ExpiresMs + ConfirmGraceMs:
                CaseBook.Open(context, at, CaseKind.RelayUnconfirmed);
                Restores.Begin(context, at, "The cut was not confirmed, so a restore is sent.");
                break;
            case Relay.Cut when (cause == CutCause.None || IsTooLittle(at)) && !Faults.Sabotage.StayDark:
                Restores.Begin(context, at, "Paid.");
                break;
            case Relay.Restoring when supply.Waiting.Count == 0:
                RelayCommands.Send(context, at, turnsOn: true, RelayCommandState.Withdrawn, 0);
                RelayCommands.Change(context, at, Relay.On, "No meter is left.");
                break;
            case Relay.Restoring:
                Restores.Compensate(context, at);
                if (!supply.AskedToRestore && at.Ms > supply.RestoreSinceMs + (at.Policy.Definition.Restore.WithinMinutes * Instants.MsPerMinute))
                {
                    supply.AskedToRestore = true;
                    CaseBook.Open(context, at, CaseKind.RestoreUnconfirmed);
                }

                break;
        }
    }

    /// <summary>
    /// Less is missing of a prepaid balance than the pack's minimum: nobody is cut for it, so nobody stays without supply for it. A standing charge that falls
    /// due after the cut does not undo a payment of what the cut's message asked for. (DOMAIN, overdue: arrears below the minimum have no consequences.)
    /// </summary>
    private static bool IsTooLittle(in Moment at) => at.Account.Mode == PaymentMode.Prepaid && at.Account.Balance > -at.Policy.ArrearsMinimum;

    /// <summary>A balance below zero that was last shown too long ago is shown again, or it could never be acted on: at most once in the pack's days.</summary>
    private static void RepeatLastNotice(FoldContext context, in Moment at, CutCause cause)
    {
        var customer = at.Customer;
        var last = Math.Max(customer.BalanceShownMs, customer.RemindedMs);
        if (cause == CutCause.Exhausted && at.Ms - Math.Max(last, customer.NegativeSinceMs) > at.Policy.Definition.Cut.BalanceShownDaysMax * Instants.MsPerDay)
        {
            NoticeWriter.Give(context, at, NoticeKind.BalanceExhausted, NoticeWriter.FactsOf(context, at));
        }
    }

    /// <summary>
    /// An important user is cut only when the authority knows: a person sees to it while the wait goes on. For arrears the stop notice asks for it.
    /// </summary>
    private static void AskAuthority(FoldContext context, in Moment at, CutCause cause)
    {
        var (customer, overdue) = (at.Customer, at.Customer.Overdue);
        if (cause == CutCause.Exhausted && StageTransitions.IsAuthorityNeeded(at) && !overdue.AuthorityInformed && !customer.Supply.AskedAuthority)
        {
            customer.Supply.AskedAuthority = true;
            CaseBook.Open(context, at, CaseKind.InformAuthority, overdue.StopNoticeId);
        }
    }

    private static void GiveLastNotice(FoldContext context, in Moment at, CutCause cause)
    {
        // As it will be when the notice has had its time: whatever would forbid the cut then forbids the notice now.
        var minutes = InterlockCheck.NoticeMinutes(at.Policy, cause);
        var then = at.Ms + (minutes * Instants.MsPerMinute);
        var facts = InterlockCheck.FactsOf(at.Account, at.Policy, then) with { LastNoticeDeliveredMs = at.Ms };
        if (!Interlock.Evaluate(facts, at.Policy, at.Account.Calendar).Go)
        {
            return;
        }

        NoticeWriter.Give(context, at, NoticeKind.LastNotice, SupplyNotices.LastNoticeFacts(context, at, cause, then), holdsInQuietHours: false);
        RelayCommands.Change(context, at, Relay.LastNotice, null, cause: cause);
        if (cause == CutCause.Arrears)
        {
            context.Emit(at, new StageEntered(Stage.StopNotice, Stage.ReNotice, facts.OverdueDays, at.Customer.Overdue.Unpaid, at.Policy.Stamp));
        }
    }

    private static void PlanCut(FoldContext context, in Moment at)
    {
        var result = Interlock.Evaluate(InterlockCheck.FactsOf(at.Account, at.Policy, at.Ms), at.Policy, at.Account.Calendar);
        var sequence = RelayCommands.NextSequence(context, at.Customer.Supply);
        context.Emit(at, new CutDecided(result.Go ? CutStep.Planned : CutStep.Refused, sequence, result));
        if (!result.Go)
        {
            CallOff(context, at, "The interlock refused.", InterlockCheck.IsStopped(result));
            return;
        }

        RelayCommands.Change(context, at, Relay.CutPlanned, null, sequence);
        RelayCommands.Send(context, at, turnsOn: false, RelayCommandState.Planned, long.MaxValue);
    }

    /// <summary>Ends what is not yet done: supply stays on.</summary>
    /// <param name="anew">What a cut waits for begins anew; else the next last notice may follow in the next hours for it.</param>
    internal static void CallOff(FoldContext context, in Moment at, string reason, bool anew = false)
    {
        if (at.Customer.Supply.Relay == Relay.CutPlanned)
        {
            RelayCommands.Send(context, at, turnsOn: false, RelayCommandState.Withdrawn, 0);
        }

        RelayCommands.Change(context, at, Relay.On, reason);
        if (anew)
        {
            Waits.BeginAnew(context, at, reason);
        }
    }

    /// <summary>When supply asks for the next look.</summary>
    internal static long NextMs(in Moment at)
    {
        var (account, supply, overdue, policy) = (at.Account, at.Customer.Supply, at.Customer.Overdue, at.Policy);
        var nextHour = at.Ms - (at.Ms % Instants.MsPerHour) + Instants.MsPerHour;
        switch (supply.Relay)
        {
            case Relay.On when InterlockCheck.CauseOf(account) == CutCause.Exhausted && account.Meters.Exists(m => m.UntilMs == long.MaxValue):
                var earliest = Interlock.EarliestPrepaidCutMs(policy, at.Customer.NegativeSinceMs, at.Customer.CreditUsedMs, at.Customer.WaitFromMs);
                return Math.Max(
                    earliest == long.MaxValue
                        ? at.Ms + Instants.MsPerDay
                        : earliest - (InterlockCheck.NoticeMinutes(policy, CutCause.Exhausted) * Instants.MsPerMinute),
                        policy.CutHours.NextBegin(account.Calendar, nextHour));
            case Relay.On when overdue.Stage == Stage.StopNotice && overdue.StopNoticeDeliveredMs != 0:
                return policy.CutHours.NextBegin(account.Calendar, nextHour);
            case Relay.LastNotice:
                return overdue.LastNoticeDeliveredMs != 0
                    ? overdue.LastNoticeDeliveredMs + (InterlockCheck.NoticeMinutes(policy, supply.Cause) * Instants.MsPerMinute)
                    : supply.SinceMs + LastNoticeVoidMs;
            case Relay.CutPlanned:
                return supply.SinceMs + LastNoticeVoidMs;
            case Relay.CutReleased:
                return supply.ExpiresMs + ConfirmGraceMs;
            case Relay.Restoring when !supply.AskedToRestore:
                return supply.RestoreSinceMs + (policy.Definition.Restore.WithinMinutes * Instants.MsPerMinute) + 1;
            default:
                return long.MaxValue;
        }
    }
}
