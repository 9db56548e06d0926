using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Fold;

/// <summary>Cutting and restoring supply. A cut is the interlock's twice, when it is planned and when the command leaves, and done when the relay says so.</summary>
public sealed partial class PartitionFold
{
    private const long MinuteMs = 60_000;

    /// <summary>A released cut that is not carried out by then is void, ms: what the interlock saw is no longer true.</summary>
    public const long CutExpiryMs = 15 * MinuteMs;

    /// <summary>A release that would be void sooner than this is none, ms: it could not be carried out.</summary>
    private const long CutLeastMs = 2 * MinuteMs;

    /// <summary>A last notice or a planned cut that nothing came of in this time ends, ms.</summary>
    private const long LastNoticeVoidMs = Instants.MsPerDay;

    /// <summary>How long after its expiry a released cut may still be confirmed before it counts as unknown, ms.</summary>
    private const long ConfirmGraceMs = Instants.MsPerHour;

    /// <summary>What the interlock rests on, at an instant.</summary>
    private static InterlockFacts InterlockFactsOf(AccountState account, Policy policy, long atMs)
    {
        var (customer, today) = (account.Customer!, account.Calendar.DayOf(atMs));
        var overdue = customer.Overdue;
        var meters = account.Meters.Where(m => m.UntilMs == long.MaxValue).ToList();
        return new InterlockFacts
        {
            Cause = CauseOf(account),
            AtMs = atMs,
            BalanceNano = account.Balance.Nano,
            Class = customer.Class,
            Traits = customer.Traits | (account.Household.Protected ? CustomerTraits.Protected : CustomerTraits.None),
            IsPrepaid = account.Mode == PaymentMode.Prepaid,
            OverdueDays = overdue.OverdueDays(today, policy) ?? -1,
            DemandDay = overdue.DemandDay,
            StopNoticeDeliveredMs = overdue.StopNoticeDeliveredMs,
            LastNoticeDeliveredMs = overdue.LastNoticeDeliveredMs,
            AuthorityInformed = overdue.AuthorityInformed,
            ContactAttempts = overdue.ContactAttempts,
            WelfareVisited = overdue.WelfareVisited,
            Holds = [.. customer.Holds.Select(h => h.Kind.ToString())],
            HasPendingPayment = customer.PendingPayments.Count > 0,
            KeepsPlan = overdue.KeepsPlan(today),
            HasPromise = overdue.PromiseDay >= today,
            NegativeSinceMs = customer.NegativeSinceMs,
            CreditUsedMs = customer.CreditUsedMs,
            WaitFromMs = customer.WaitFromMs,
            LastReadingMs = meters.Count == 0 ? 0 : meters.Min(m => m.Last.TimeMs),
            HasDoubtfulReadings = meters.Any(m => m.Held.Wh != 0 || m.Run.FindingAt(m.Last.TimeMs) == VeeOutcome.FrozenRun || (m.Last.Quality & ReadingQuality.InDoubt) != 0),
            BalanceShownMs = customer.BalanceShownMs,
        };
    }

    /// <summary>The interlock's word on an account right now; null where no pack decides.</summary>
    public static InterlockResult? EvaluateInterlock(AccountState account, Policy? policy, long atMs) =>
        account.Customer is null || policy is null ? null : Interlock.Evaluate(InterlockFactsOf(account, policy, atMs), policy, account.Calendar);

    private static CutCause CauseOf(AccountState account)
    {
        var customer = account.Customer!;
        return account switch
        {
            // Life may depend on supply, or nobody is there any more.
            _ when customer.Has(CustomerTraits.NeverCut) || account.Status == AccountStatus.Closed => CutCause.None,
            { Mode: PaymentMode.Prepaid } => account.Balance.Nano < 0 ? CutCause.Exhausted : CutCause.None,
            _ => customer.Overdue is { Stage: >= Stage.StopNotice, Plan.Count: 0 } ? CutCause.Arrears : CutCause.None,
        };
    }

    private void Switch(in Moment at)
    {
        var (account, supply, overdue) = (at.Account, at.Customer.Supply, at.Customer.Overdue);
        var cause = CauseOf(account);
        switch (supply.Relay)
        {
            case Relay.On when cause != CutCause.None && (cause == CutCause.Exhausted || overdue.Stage == Stage.StopNotice):
                TellAgain(at, cause);
                AskAuthority(at, cause);
                GiveLastNotice(at, cause);
                break;
            case Relay.LastNotice when cause != supply.Cause:
                CallOff(at, "The cause is gone.");
                break;
            case Relay.LastNotice when at.Ms >= supply.SinceMs + LastNoticeVoidMs:
                CallOff(at, "The last notice came to nothing in a day.");
                break;
            case Relay.LastNotice when overdue.LastNoticeDeliveredMs != 0 && at.Ms >= overdue.LastNoticeDeliveredMs + (NoticeMinutes(at.Policy, cause) * MinuteMs):
                PlanCut(at);
                break;
            case Relay.CutPlanned when cause != supply.Cause:
                CallOff(at, "The cause is gone.");
                break;
            case Relay.CutPlanned when at.Ms >= supply.SinceMs + LastNoticeVoidMs:
                CallOff(at, "No gateway fetched it in a day.");
                break;
            case Relay.CutReleased when cause == CutCause.None || IsTooLittle(at):
                Restore(at, "Paid.");
                break;
            case Relay.CutReleased when EvaluateInterlock(account, at.Policy, at.Ms) is { } now && (IsStopped(now) || IsProtected(now)):
                Restore(at, "Something speaks against it since it left.");
                break;
            case Relay.CutReleased when at.Ms >= supply.ExpiresMs + ConfirmGraceMs:
                OpenCase(at, "relay-unconfirmed");
                Restore(at, "The cut was not confirmed; supply is made sure of.");
                break;
            case Relay.Cut when (cause == CutCause.None || IsTooLittle(at)) && !Faults.Sabotage.StayDark:
                Restore(at, "Paid.");
                break;
            case Relay.Restoring when supply.Waiting.Count == 0:
                Command(at, turnsOn: true, "withdrawn", 0);
                Change(at, Relay.On, "No meter is left.");
                supply.Cause = CutCause.None;
                break;
            case Relay.Restoring:
                Compensate(at);
                if (!supply.AskedToRestore && at.Ms > supply.RestoreSinceMs + (at.Policy.Definition.Restore.WithinMinutes * MinuteMs))
                {
                    supply.AskedToRestore = true;
                    OpenCase(at, "restore-unconfirmed");
                }

                break;
        }
    }

    /// <summary>
    /// Less is missing of a prepaid balance than the pack's minimum: nobody is cut for it, so nobody stays dark for it. A standing charge that falls due after the cut
    /// does not undo a payment of what the cut's message asked for. (DOMAIN, overdue: arrears below the minimum have no consequences.)
    /// </summary>
    private static bool IsTooLittle(in Moment at) => at.Account.Mode == PaymentMode.Prepaid && at.Account.Balance > -at.Policy.ArrearsMinimum;

    /// <summary>A balance below zero that was last shown too long ago is shown again, or it could never be acted on: at most once in the pack's days.</summary>
    private void TellAgain(in Moment at, CutCause cause)
    {
        var customer = at.Customer;
        var last = Math.Max(customer.BalanceShownMs, customer.RemindedMs);
        if (cause == CutCause.Exhausted && at.Ms - Math.Max(last, customer.NegativeSinceMs) > at.Policy.Definition.Cut.BalanceShownDaysMax * Instants.MsPerDay)
        {
            customer.RemindedMs = at.Ms;
            Notify(at, "balance-exhausted", FactsOf(at));
        }
    }

    /// <summary>An important user is cut only when the authority knows: a person sees to it while the wait goes on. For arrears the stop notice asks for it.</summary>
    private void AskAuthority(in Moment at, CutCause cause)
    {
        var (customer, overdue) = (at.Customer, at.Customer.Overdue);
        if (cause == CutCause.Exhausted && IsAuthorityNeeded(at) && !overdue.AuthorityInformed && !customer.Supply.AskedAuthority)
        {
            customer.Supply.AskedAuthority = true;
            OpenCase(at, WorkCase.InformAuthority, overdue.StopNoticeId);
        }
    }

    private static bool IsAuthorityNeeded(in Moment at) => at.Customer.Class == CustomerClass.Important && at.Policy.Definition.Cut.AuthorityCopyForImportant;

    private void GiveLastNotice(in Moment at, CutCause cause)
    {
        // As it will be when the notice has had its time: whatever would forbid the cut then forbids the notice now.
        var minutes = NoticeMinutes(at.Policy, cause);
        var then = at.Ms + (minutes * MinuteMs);
        var facts = InterlockFactsOf(at.Account, at.Policy, then) with { LastNoticeDeliveredMs = at.Ms };
        if (!Interlock.Evaluate(facts, at.Policy, at.Account.Calendar).Go)
        {
            return;
        }

        var (supply, overdue) = (at.Customer.Supply, at.Customer.Overdue);
        overdue.LastNoticeDeliveredMs = 0;
        overdue.LastNoticeId = Notify(at, "last-notice", LastNoticeFacts(at, cause, then), holdsInQuietHours: false);
        supply.Cause = cause;
        Change(at, Relay.LastNotice, null);
        if (cause == CutCause.Arrears)
        {
            (overdue.Stage, overdue.StageDay) = (Stage.ReNotice, at.Today);
            Happened(at.Account, new StageEntered(Stage.StopNotice, Stage.ReNotice, facts.OverdueDays, overdue.UnpaidNano, at.Policy.Stamp));
        }
    }

    private void PlanCut(in Moment at)
    {
        var supply = at.Customer.Supply;
        var result = Interlock.Evaluate(InterlockFactsOf(at.Account, at.Policy, at.Ms), at.Policy, at.Account.Calendar);
        Happened(at.Account, new CutDecided(result.Go ? "planned" : "refused", NextSequence(supply), result));
        if (!result.Go)
        {
            CallOff(at, "The interlock refused.", IsStopped(result));
            return;
        }

        supply.Sequence = NextSequence(supply);
        Change(at, Relay.CutPlanned, null);
        Command(at, turnsOn: false, "planned", long.MaxValue);
    }

    /// <summary>Somebody's word stopped the cut, and not an hour or a reading: what it waits for begins anew.</summary>
    private static bool IsStopped(InterlockResult result) =>
        result.Reasons.Any(r => r.Code is "interlock.hold" or "interlock.payment_pending" or "interlock.plan_kept" or "interlock.promise_open");

    /// <summary>Somebody is protected since: what speaks against a cut that has left is no hour and no reading.</summary>
    private static bool IsProtected(InterlockResult result) => result.Reasons.Any(r => r.Code is "interlock.protected_month" or "interlock.welfare_visit" or "interlock.authority_uninformed");

    /// <summary>Numbers rise by the minute at least, so that those of a meter's next account are above those of its last.</summary>
    private int NextSequence(SupplyState supply) => (int)Math.Max(supply.Sequence + 1L, State.NowMs / MinuteMs);

    /// <summary>Ends what is not yet done: supply stays on.</summary>
    /// <param name="anew">What a cut waits for begins anew; else the next last notice may follow in the next hours for it.</param>
    private void CallOff(in Moment at, string reason, bool anew = false)
    {
        var (supply, overdue) = (at.Customer.Supply, at.Customer.Overdue);
        if (supply.Relay == Relay.CutPlanned)
        {
            Command(at, turnsOn: false, "withdrawn", 0);
        }

        if (overdue.Stage == Stage.ReNotice)
        {
            (overdue.Stage, overdue.StageDay) = (Stage.StopNotice, at.Today);
        }

        (overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0);
        Change(at, Relay.On, reason);
        supply.Cause = CutCause.None;
        if (anew)
        {
            BeginWaitAnew(at, reason);
        }
    }

    private void Change(in Moment at, Relay to, string? reason)
    {
        var supply = at.Customer.Supply;
        Happened(at.Account, new RelayChanged(supply.Relay, to, supply.Sequence, supply.Cause, reason));
        (supply.Relay, supply.SinceMs) = (to, at.Ms);
    }

    private void Command(in Moment at, bool turnsOn, string state, long expiresMs)
    {
        var supply = at.Customer.Supply;
        if (state is "planned" or "released")
        {
            supply.Waiting.Clear();
            supply.Waiting.AddRange(at.Account.Meters.Where(m => m.UntilMs == long.MaxValue).Select(m => m.Number));
        }

        _effects.Relays[(at.Account.Number, supply.Sequence)] =
            new RelayEffect(at.Account.Number, supply.Sequence, turnsOn, state, _position, State.NowMs, expiresMs, [.. supply.Waiting]);
    }

    /// <summary>A meter that consumes behind a relay that is confirmed off: one that came to the account after the cut was not cut.</summary>
    private void WatchTamper(AccountState account, MeterState meter, long fromMs, long energyWh)
    {
        if (account.Customer is not { Supply: { Relay: Relay.Cut, TamperSeen: false } supply } customer || fromMs < supply.SinceMs || meter.FromMs > supply.SinceMs || energyWh <= 0 || PolicyOf(account, State.NowMs) is not { } policy)
        {
            return;
        }

        supply.TamperSeen = true;
        Happened(account, new TamperSuspected(meter.Number, supply.Sequence, energyWh));
        OpenCase(new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs)), "tamper");
    }

    private static int NoticeMinutes(Policy policy, CutCause cause) => cause == CutCause.Arrears ? policy.Definition.Cut.LastNoticeMinutes : policy.Definition.Prepaid.LastNoticeMinutes;

    /// <summary>When supply asks for the next look.</summary>
    private static long NextOfSupply(in Moment at)
    {
        var (account, supply, overdue, policy) = (at.Account, at.Customer.Supply, at.Customer.Overdue, at.Policy);
        var nextHour = at.Ms - (at.Ms % Instants.MsPerHour) + Instants.MsPerHour;
        switch (supply.Relay)
        {
            case Relay.On when CauseOf(account) == CutCause.Exhausted && account.Meters.Exists(m => m.UntilMs == long.MaxValue):
                var earliest = Interlock.EarliestPrepaidCutMs(policy, at.Customer.NegativeSinceMs, at.Customer.CreditUsedMs, at.Customer.WaitFromMs);
                return Math.Max(earliest == long.MaxValue ? at.Ms + Instants.MsPerDay : earliest - (NoticeMinutes(policy, CutCause.Exhausted) * MinuteMs), policy.CutHours.NextBegin(account.Calendar, nextHour));
            case Relay.On when overdue.Stage == Stage.StopNotice && overdue.StopNoticeDeliveredMs != 0:
                return policy.CutHours.NextBegin(account.Calendar, nextHour);
            case Relay.LastNotice:
                return overdue.LastNoticeDeliveredMs != 0 ? overdue.LastNoticeDeliveredMs + (NoticeMinutes(policy, supply.Cause) * MinuteMs) : supply.SinceMs + LastNoticeVoidMs;
            case Relay.CutPlanned:
                return supply.SinceMs + LastNoticeVoidMs;
            case Relay.CutReleased:
                return supply.ExpiresMs + ConfirmGraceMs;
            case Relay.Restoring when !supply.AskedToRestore:
                return supply.RestoreSinceMs + (policy.Definition.Restore.WithinMinutes * MinuteMs) + 1;
            default:
                return long.MaxValue;
        }
    }
}
