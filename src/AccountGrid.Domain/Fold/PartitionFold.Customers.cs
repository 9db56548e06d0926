using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>
/// The workflows of one account, brought up to an instant: late fees, debt, bills, plan, levels, ladder, supply, in this order. Called by every check and
/// after every command; calling it again at once changes nothing.
/// </summary>
public sealed partial class PartitionFold
{
    /// <summary>The daily look at an account in a workflow comes this long after local midnight: letters are for the morning.</summary>
    private const long MorningMs = 8 * Instants.MsPerHour;

    /// <summary>The pack's version that decides for an account at an instant; null is none.</summary>
    private Policy? PolicyOf(AccountState account, long atMs) =>
        account.Customer is { } customer ? policies?.Invoke(customer.PolicyFamily, account.Calendar.DayOf(atMs)) : null;

    private void Advance(AccountState account, long atMs)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        if (PolicyOf(account, atMs) is not { } policy)
        {
            // No version decides on this day: ask again, or the workflow would never go on.
            State.Schedule(account, atMs + Instants.MsPerDay);
            return;
        }

        var at = new Moment(account, customer, policy, atMs, account.Calendar.DayOf(atMs));
        var orderEnds = customer.Holds.Exists(h => h.Kind == HoldKind.OrderedRestore && h.UntilMs <= atMs);

        // Before anything that ends today: a day that is over is judged by what was so at its end.
        TakeFees(at, at.Today - 1);
        var ended = EndWords(at);
        RecoverDebtByDay(at);
        CloseBills(at);
        customer.Overdue.Book.Forget(at.Today - RememberedDays);
        ended = FollowPlan(at) ?? ended;
        FollowBalance(account, atMs);
        ended = ended is null && _hasAnnouncedCome ? "An announced payment has come." : ended;
        ended = ended is null && HasOtherTerms(at) ? "Another version of the pack decides." : ended;
        if (orderEnds)
        {
            EndOrderedRestore(at);
        }
        else if (ended is not null)
        {
            EndProtection(at, ended);
        }

        BeginEpisode(at);
        account.Levels = account.Levels.With(LevelsOf(at), account.Balance);
        Climb(at);
        Switch(at);
        ScheduleNext(at);
    }

    /// <summary>A customer is set for the first time: what is owed until now is due like a bill, and billing begins with the running month.</summary>
    private void BeginCustomer(AccountState account)
    {
        var customer = account.Customer!;
        var overdue = customer.Overdue;
        if (overdue.BilledThroughDay != 0 || PolicyOf(account, State.NowMs) is not { } policy)
        {
            return;
        }

        var today = account.Calendar.DayOf(State.NowMs);
        customer.HasOwnLevels = account.Levels.LevelsNano.Count > 0;
        overdue.BilledThroughDay = BillStart(today, account.Mode) - 1;
        overdue.FeeThroughDay = today - 1;
        var exact = account.LedgerBalance;
        overdue.Book.AdvanceNano = exact.RoundedTo(policy.Digits).Nano;
        overdue.CarriedNano = overdue.Book.AdvanceNano - exact.Nano;
        if (account.OwesByBill)
        {
            BeginBills(new Moment(account, customer, policy, State.NowMs, today));
        }
    }

    /// <summary>Holds, announced payments and a promise whose time is over stop nothing any more.</summary>
    /// <returns>What ended; null is nothing. Weather, like an hour or a day off, is nobody's word: nothing is waited for anew after it.</returns>
    private static string? EndWords(in Moment at)
    {
        var (customer, ms, today) = (at.Customer, at.Ms, at.Today);
        var ended = customer.Holds.Exists(h => h.UntilMs <= ms && h.Kind != HoldKind.Weather) ? "A hold has ended." : null;
        customer.Holds.RemoveAll(h => h.UntilMs <= ms);
        ended = customer.PendingPayments.RemoveAll(p => p.UntilMs <= ms) > 0 ? "An announced payment has not come." : ended;
        if (customer.Overdue.PromiseDay != 0 && customer.Overdue.PromiseDay < today)
        {
            (customer.Overdue.PromiseDay, ended) = (0, "The day of a promise is over.");
        }

        return ended;
    }

    /// <summary>A plan ends by being fulfilled or broken here, or cancelled by a person; a bill that is paid ends none.</summary>
    /// <returns>How it ended; null is not.</returns>
    private string? FollowPlan(in Moment at)
    {
        var overdue = at.Customer.Overdue;
        if (overdue.Plan.Count == 0)
        {
            return null;
        }

        var isPaid = overdue.MissingNano(int.MaxValue) <= 0 || overdue.UnpaidNano + overdue.FeesNano == 0;
        var missing = isPaid ? 0 : overdue.MissingNano(at.Today);
        if (missing <= 0 && !isPaid)
        {
            return null;
        }

        var today = at.Today;
        var missed = overdue.Plan.FindLast(i => i.Day < today).Day;
        var total = overdue.Plan.Sum(i => i.AmountNano);
        (overdue.PlanPaidNano, _) = (0, overdue.Plan.RemoveAll(_ => true));
        if (missing <= 0)
        {
            // Whoever has just paid the last instalment is not written to at once for what the plan did not cover: the wait at the stage begins anew.
            overdue.StageDay = today;
        }

        Happened(at.Account, missing > 0 ? new PlanBroken(missed, missing) : new PlanFulfilled(total));
        return missing > 0 ? "A plan was broken." : "A plan was fulfilled.";
    }

    /// <summary>Since when the balance is below zero, and since when emergency credit is used up.</summary>
    private void FollowBalance(AccountState account, long atMs)
    {
        var customer = account.Customer!;
        if (account.Mode != PaymentMode.Prepaid || account.Status == AccountStatus.Closed || account.Balance.Nano >= 0)
        {
            if (customer.NegativeSinceMs != 0)
            {
                // Whatever lifted it, a payment or a correction: somebody may be waiting in the dark.
                State.Schedule(account, State.NowMs);
                customer.Overdue.WelfareVisited &= account.Mode != PaymentMode.Prepaid;
                customer.Overdue.AuthorityInformed &= account.Mode != PaymentMode.Prepaid;
                customer.Supply.AskedAuthority = false;
            }

            (customer.NegativeSinceMs, customer.CreditUsedMs, customer.WaitFromMs) = (0, 0, 0);
            return;
        }

        if (customer.NegativeSinceMs == 0)
        {
            customer.NegativeSinceMs = atMs;
            State.Schedule(account, State.NowMs);
        }

        // What is paid back of emergency credit is there again: the wait begins anew when it is used up again.
        var isUsed = PolicyOf(account, atMs) is { } policy && policy.EmergencyCredit > Money.Zero && account.Balance < -policy.EmergencyCredit;
        if (isUsed != (customer.CreditUsedMs != 0))
        {
            customer.CreditUsedMs = isUsed ? atMs : 0;
            State.Schedule(account, State.NowMs);
        }
    }

    private static Level[] LevelsOf(in Moment at)
    {
        var (account, customer, policy) = (at.Account, at.Customer, at.Policy);
        var levels = new List<Level>();
        if (customer.HasOwnLevels)
        {
            levels.AddRange(account.Levels.Levels.Where(l => l.Kind == LevelKind.Amount));
        }

        if (account.Mode != PaymentMode.Prepaid || account.Status == AccountStatus.Closed)
        {
            return account.Status == AccountStatus.Closed ? [] : [.. levels];
        }

        // The balance's end comes first: an account with many levels of its own must not lose it.
        // Whoever pays exactly what was missing stands at zero, and is told when it falls below again: the wait for a cut begins anew there, too.
        levels.Insert(0, new Level(LevelKind.Exhausted, 0, 0, 0));
        if (policy.EmergencyCredit > Money.Zero)
        {
            levels.Insert(1, new Level(LevelKind.CreditUsed, 0, -policy.EmergencyCredit.Nano, -policy.EmergencyCredit.Nano));
        }

        var p = policy.Definition.LowBalance;
        if (!customer.HasOwnLevels)
        {
            levels.AddRange(policy.AmountLevels);
        }

        if (p.DaysLeft.Count > 0 && SupplyForecast.Of(account, policy.Business, at.Ms) is { } forecast)
        {
            var byDays = p.DaysLeft.Select(d => new Level(LevelKind.Days, d.Below, forecast.CostOfDays(d.Below).Nano, forecast.CostOfDays(d.Rearm).Nano));
            levels.InsertRange(policy.EmergencyCredit > Money.Zero ? 2 : 1, byDays.Where(l => l.RearmNano > l.FireNano));
        }

        return [.. levels.Take(Limits.LevelsMax)];
    }

    /// <summary>
    /// Contacts and proofs belong to one episode of arrears, which is named by the due day of the oldest unpaid bill. Where that bill is paid and another is
    /// overdue, the ladder begins again at the courtesy reminder: nobody was asked about this one yet. A cut that was made lasts until nothing is overdue.
    /// </summary>
    private void BeginEpisode(in Moment at)
    {
        var overdue = at.Customer.Overdue;
        var due = at.Account.OwesByBill ? overdue.OldestDueDay(at.Policy) ?? 0 : 0;
        if (due == overdue.ProofDueDay || overdue.Stage >= Stage.Cut)
        {
            return;
        }

        overdue.ProofDueDay = due;
        overdue.ForgetProofs();
        if (overdue.Stage > Stage.Courtesy && due != 0)
        {
            EnterStage(at, Stage.Courtesy, LadderFactsOf(at));
        }
    }

    private void Climb(in Moment at)
    {
        var (account, overdue) = (at.Account, at.Customer.Overdue);
        var facts = LadderFactsOf(at);
        var next = OverdueLadder.Next(facts, at.Policy);
        if (next != overdue.Stage)
        {
            EnterStage(at, next, facts);
        }
        else if (overdue.Stage == Stage.StopNotice && at.Customer.Supply.Relay == Relay.On && facts.Pauses.Count == 0 && at.Policy.Business.IsBusinessDay(at.Today))
        {
            if (OverdueLadder.IsStopNoticeVoid(facts, at.Policy) && MayBeCut(at))
            {
                // Something that only people can do was missing: a visit, a call, the authority's copy, sound readings.
                OpenCase(at, "cut-blocked");
                EnterStage(at, Stage.StopNotice, facts);
            }
            else if (overdue.StopNoticeDeliveredMs == 0 && !overdue.AskedByHand && at.Today >= overdue.StageDay + at.Policy.Definition.Ladder.DwellDays)
            {
                // No channel has proven it: a person carries it.
                overdue.AskedByHand = true;
                OpenCase(at, WorkCase.DeliverByHand, overdue.StopNoticeId);
            }
        }
    }

    private LadderFacts LadderFactsOf(in Moment at)
    {
        var (account, customer, overdue) = (at.Account, at.Customer, at.Customer.Overdue);
        var pauses = new List<string>();
        pauses.AddRange(customer.Holds.Select(h => h.Kind.ToString()));
        if (overdue.KeepsPlan(at.Today))
        {
            pauses.Add("plan");
        }

        if (overdue.PromiseDay >= at.Today)
        {
            pauses.Add("promise");
        }

        if (customer.PendingPayments.Count > 0)
        {
            pauses.Add("payment");
        }

        if (Faults.Sabotage.StageDuringPlan)
        {
            pauses.Clear();
        }

        var delivered = overdue.StopNoticeDeliveredMs == 0 ? 0 : account.Calendar.DayOf(overdue.StopNoticeDeliveredMs);
        var days = account.OwesByBill ? overdue.OverdueDays(at.Today, at.Policy) : null;
        var cutDay = customer.Supply.Relay == Relay.Cut ? account.Calendar.DayOf(customer.Supply.SinceMs) : 0;
        return new LadderFacts(overdue.Stage, overdue.StageDay, days, at.Today, pauses, delivered, customer.Supply.Relay, cutDay);
    }

    private void EnterStage(in Moment at, Stage stage, in LadderFacts facts)
    {
        var (account, overdue) = (at.Account, at.Customer.Overdue);
        Happened(account, new StageEntered(overdue.Stage, stage, facts.OverdueDays, overdue.UnpaidNano, at.Policy.Stamp));
        var rises = stage >= overdue.Stage;
        (overdue.Stage, overdue.StageDay) = (stage, at.Today);
        if (stage == Stage.None)
        {
            overdue.ForgetDescent();
        }

        if (!rises)
        {
            return;
        }

        switch (stage)
        {
            case Stage.Contact or Stage.Closed or Stage.WrittenOff:
                OpenCase(at, stage switch { Stage.Contact => "contact", Stage.Closed => "close-account", _ => "write-off" });
                break;
            case Stage.Demand:
                overdue.DemandDay = at.Today;
                NotifyArrears(at, "demand");
                break;
            case Stage.StopNotice when !MayBeCut(at):
                overdue.StopNoticeId = null;
                OpenCase(at, "cannot-be-cut");
                break;
            case Stage.StopNotice:
                overdue.StopNoticeDeliveredMs = 0;
                overdue.AuthorityInformed = false;
                overdue.AskedByHand = false;
                overdue.StopNoticeId = NotifyArrears(at, "stop-notice");
                if (IsAuthorityNeeded(at))
                {
                    OpenCase(at, WorkCase.InformAuthority, overdue.StopNoticeId);
                }

                break;
            case Stage.Reminder or Stage.Due or Stage.Courtesy or Stage.PlanOffer:
                NotifyArrears(at, stage switch { Stage.Reminder => "payment-reminder", Stage.Due => "payment-due", Stage.Courtesy => "courtesy-reminder", _ => "plan-offer" });
                break;
        }
    }

    /// <summary>Whether a stop notice would be true: somebody whose life depends on supply, or an account without a meter, is not threatened.</summary>
    private static bool MayBeCut(in Moment at) => !at.Customer.Has(CustomerTraits.NeverCut) && at.Account.Status == AccountStatus.Open && at.Account.Meters.Exists(m => m.UntilMs == long.MaxValue);

    /// <param name="noticeId">The notice that it is opened for: a contact of this case proves nothing about another.</param>
    private void OpenCase(in Moment at, string kind, string? noticeId = null)
    {
        var (overdue, cases) = (at.Customer.Overdue, at.Customer.Cases);
        if (cases.Count >= CustomerDecisions.OpenCasesMax)
        {
            cases.RemoveAt(0);
        }

        cases.Add(new WorkCase(kind, overdue.Episode + 1, noticeId));
        var due = at.Policy.Business.AddBusinessDays(at.Today, at.Policy.Definition.Ladder.CaseBusinessDays);
        _effects.Cases.Add(new CaseEffect(
            $"{at.Account.Number}:{kind}:{++overdue.Episode}", at.Account.Number, kind, _position, State.NowMs, due, overdue.UnpaidNano, at.Policy.Stamp));
    }

    private void Enter(AccountState account, EntryKind kind, Money amount, int day, string? reference) =>
        _effects.Entries.Add(new LedgerEntry(_position, _sequence++, account.Number, kind, amount, account.LedgerBalance, State.NowMs, day, 0, default, reference));

    /// <summary>When the account is to be looked at again, and what of it stands in the due table: a row while it is in a workflow, none else.</summary>
    private void ScheduleNext(in Moment at)
    {
        var (account, customer) = (at.Account, at.Customer);
        var (supplyMs, overdue) = (NextOfSupply(at), customer.Overdue);
        var tomorrow = account.Calendar.StartOf(at.Today + 1) + MorningMs + Spread(account.Number);
        var isClimbing = overdue.Stage != Stage.None || overdue.Plan.Count > 0;
        var daily = isClimbing || overdue.Book.AskedNano > 0 || customer.Debt is { Left.Nano: > 0, PerDay.Nano: > 0 }
            || (account.Mode == PaymentMode.Prepaid && account.Status == AccountStatus.Open && account.Meters.Exists(m => m.UntilMs == long.MaxValue) && at.Policy.Definition.LowBalance.DaysLeft.Count > 0);
        var bill = account.Calendar.StartOf(BillEnd(overdue.BilledThroughDay + 1, account.Mode) + 1 + at.Policy.Definition.Billing.CloseAfterDays) + MorningMs + Spread(account.Number);
        var next = Math.Min(Math.Min(supplyMs, account.Status == AccountStatus.Closed && overdue.Unbilled.Count == 0 && overdue.Book.UnaskedNano == 0 ? long.MaxValue : bill), daily ? tomorrow : long.MaxValue);
        foreach (var hold in customer.Holds)
        {
            next = Math.Min(next, hold.UntilMs);
        }

        State.Schedule(account, next);
        var inSupply = customer.Supply.Relay != Relay.On || customer.NegativeSinceMs != 0;
        var dueMs = (inSupply || isClimbing) && next != long.MaxValue ? next : 0;
        if (dueMs != customer.DueMs)
        {
            customer.DueMs = dueMs;
            _effects.Dues[account.Number] = new DueEffect(account.Number, inSupply ? "supply" : "ladder", dueMs == 0 ? null : dueMs);
        }
    }

    /// <summary>An account, its customer and the pack that decides, at one instant.</summary>
    private readonly record struct Moment(AccountState Account, Customer Customer, Policy Policy, long Ms, int Today);
}
