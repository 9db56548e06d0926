using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>What the interlock rests on for an account at an instant, and what its result means.</summary>
public static class InterlockCheck
{
    /// <summary>What the interlock rests on, at an instant.</summary>
    internal static InterlockFacts FactsOf(AccountState account, Policy policy, long atMs)
    {
        var (customer, today) = (account.Customer!, account.Calendar.DayOf(atMs));
        var overdue = customer.Overdue;
        var meters = account.Meters.Where(m => m.UntilMs == long.MaxValue).SelectMany(m => m.RatedLines).ToList();
        return new InterlockFacts
        {
            Cause = CauseOf(account),
            AtMs = atMs,
            Balance = account.Balance,
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
            LastReadingMs = meters.Count == 0 ? 0 : meters.Min(m => m.LastReading.TimeMs),
            HasDoubtfulReadings = meters.Any(m => m.Held.Wh != 0 || m.FindingAt(m.Last.TimeMs) == VeeOutcome.FrozenRun || IsInDoubt(m.LastReading)),
            BalanceShownMs = customer.BalanceShownMs,
        };
    }

    /// <summary>What a person decided is right is not questionable; what a person wrote is no reading before another one follows it.</summary>
    private static bool IsInDoubt(in Point point) => point.Decision switch
    {
        { Kind: ReadingDecision.Edit } => true,
        { IsRight: true } => (point.Quality & ReadingQuality.InDoubt & ~ReadingQuality.Questionable) != 0,
        _ => (point.Quality & ReadingQuality.InDoubt) != 0,
    };

    /// <summary>The interlock's word on an account right now; null where no pack decides.</summary>
    public static InterlockResult? Evaluate(AccountState account, Policy? policy, long atMs) =>
        account.Customer is null || policy is null ? null : Interlock.Evaluate(FactsOf(account, policy, atMs), policy, account.Calendar);

    internal static CutCause CauseOf(AccountState account)
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

    /// <summary>Somebody's word stopped the cut, and not an hour or a reading: what it waits for begins anew.</summary>
    internal static bool IsStopped(InterlockResult result) =>
        result.Reasons.Any(r =>
            r.Code == InterlockReasons.Hold
            || r.Code == InterlockReasons.PaymentPending
            || r.Code == InterlockReasons.PlanKept
            || r.Code == InterlockReasons.PromiseOpen);

    /// <summary>Somebody is protected since: what speaks against a cut that has left is no hour and no reading.</summary>
    internal static bool IsProtected(InterlockResult result) => result.Reasons.Any(r =>
            r.Code == InterlockReasons.ProtectedMonth
            || r.Code == InterlockReasons.WelfareVisit
            || r.Code == InterlockReasons.AuthorityNotInformed);

    internal static int NoticeMinutes(Policy policy, CutCause cause) =>
        cause == CutCause.Arrears ? policy.Definition.Cut.LastNoticeMinutes : policy.Definition.Prepaid.LastNoticeMinutes;
}
