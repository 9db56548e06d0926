using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.State;

/// <summary>Bills, arrears and where the account stands on the ladder.</summary>
public sealed class OverdueState
{
    public Stage Stage { get; set; }

    /// <summary>Local day on which the stage was entered.</summary>
    public int StageDay { get; set; }

    /// <summary>Counts notices and cases, to name the next.</summary>
    public int Episode { get; set; }

    /// <summary>Numbers of the last letter about arrears and of the last message of a bill: an older one that still waits is not true any more.</summary>
    public int LetterNumber { get; set; }

    public int BillNoticeNumber { get; set; }

    /// <summary>Last local day that is billed; 0 is not begun.</summary>
    public int BilledThroughDay { get; set; }

    public int BillCount { get; set; }

    /// <summary>
    /// Charges that rounding to the currency's digits left out of bills so far; the next bill has them. Less than one of its smallest units.
    /// </summary>
    public Money Carried { get; set; }

    /// <summary>Credits less what was taken back and paid out since the last bill.</summary>
    public Money Credited { get; set; }

    /// <summary>How the account is billed, by first day, rising; empty is by calendar months. Facts of days that are billed are forgotten.</summary>
    public List<BillingCycle> Cycles { get; } = [];

    /// <summary>The final bill of a closed account was closed.</summary>
    public bool IsFinalBilled { get; set; }

    /// <summary>Credit of a closed account that a person was asked to pay out; zero is none.</summary>
    public Money PayOut { get; set; }

    /// <summary>Periods that are not billed yet, rising.</summary>
    public List<MonthSum> Unbilled { get; } = [];

    /// <summary>What is owed item by item, and what paid it.</summary>
    public ItemBook Book { get; } = new();

    /// <summary>Last local day for which late fees were counted.</summary>
    public int FeeThroughDay { get; set; }

    /// <summary>Instalments agreed, rising by day; all of them until the plan ends. Empty is no plan.</summary>
    public List<Instalment> Plan { get; } = [];

    /// <summary>Position of the record that agreed on the plan: what came before it paid nothing of the plan.</summary>
    public long PlanPosition { get; set; }

    /// <summary>What was paid, waived, written off or moved to a debt since the plan was agreed, less what was taken back of that.</summary>
    public WideMoney PlanPaid { get; set; }

    /// <summary>Until this local day the customer has promised to pay; 0 is no promise.</summary>
    public int PromiseDay { get; set; }

    /// <summary>Local day of the demand; 0 is none.</summary>
    public int DemandDay { get; set; }

    /// <summary>Proven delivery of the stop notice and of the last notice, UTC ms; 0 is none.</summary>
    public long StopNoticeDeliveredMs { get; set; }

    public long LastNoticeDeliveredMs { get; set; }

    /// <summary>Names of the notices that these proofs are for: a late report for an older one proves nothing.</summary>
    public string? StopNoticeId { get; set; }

    public string? LastNoticeId { get; set; }

    /// <summary>A person was asked to carry the stop notice that no channel could prove; of a closed account, to decide about its arrears.</summary>
    public bool AskedByHand { get; set; }

    public bool AuthorityInformed { get; set; }

    public int ContactAttempts { get; set; }

    /// <summary>Due day of the oldest unpaid bill, which the contacts and proofs here belong to; 0 is none.</summary>
    public int ProofDueDay { get; set; }

    public bool WelfareVisited { get; set; }

    /// <summary>Unpaid of what was asked for, late fees left out.</summary>
    public Money Unpaid => Book.Unpaid;

    /// <summary>Unpaid late fees.</summary>
    public Money Fees => Book.Fees;

    /// <summary>
    /// Balance of the ledger by items: advance less open items, less what is charged and not billed yet, less what rounding left out of bills.
    /// </summary>
    public Money LedgerBalance => (Unbilled.Aggregate((WideMoney)Book.Net, (sum, m) => sum - m.Total) - Carried).ToMoney();

    /// <summary>
    /// Days of the arrears after the due day on which they reached the pack's minimum, oldest items first; negative before it; null where what is unpaid of
    /// what was asked for is less than the minimum. (DOMAIN, overdue: arrears below the minimum have no consequences.)
    /// </summary>
    public int? OverdueDays(int today, Policy policy) => OldestDueDay(policy) is { } due ? today - due : null;

    /// <summary>Whether something that was asked for is unpaid on or after its due day.</summary>
    public bool IsDue(int today) => Book.Asked.Any(i => i.DueDay <= today);

    /// <summary>Due day on which the arrears reached the pack's minimum; null where they are less.</summary>
    public int? OldestDueDay(Policy policy)
    {
        var sum = Money.Zero;
        foreach (var item in Book.Asked)
        {
            sum += item.Open;
            if (sum >= policy.ArrearsMinimum || Faults.Sabotage.StageOnACent)
            {
                return item.DueDay;
            }
        }

        return null;
    }

    /// <summary>Whether a plan is agreed and no instalment was missed by the beginning of a local day.</summary>
    public bool KeepsPlan(int day) => Plan.Count > 0 && Missing(day) <= WideMoney.Zero;

    /// <summary>What is missing at the beginning of a local day of the instalments whose days are over; zero or less: nothing.</summary>
    public WideMoney Missing(int day) => Plan.Where(i => i.Day < day).Select(i => i.Amount).Sum() - PlanPaid;

    /// <summary>What was said last of how the account is billed; it can hold from a day to come.</summary>
    public BillingCycle LastCycle => Cycles.Count > 0 ? Cycles[^1] : BillingCycle.Monthly;

    /// <summary>How the account is billed in the period of a local day.</summary>
    public BillingCycle CycleOn(int day)
    {
        var index = Cycles.FindLastIndex(c => c.FromDay <= day);
        return index < 0 ? BillingCycle.Monthly : Cycles[index];
    }

    /// <summary>A fact ends those from its day on.</summary>
    public void Set(in BillingCycle cycle)
    {
        var from = cycle.FromDay;
        Cycles.RemoveAll(c => c.FromDay >= from);
        Cycles.Add(cycle);
        ForgetCycles();
    }

    /// <summary>Forgets facts of days that are billed; the last that holds stays.</summary>
    public void ForgetCycles()
    {
        while (Cycles.Count > 1 && Cycles[1].FromDay <= BilledThroughDay + 1)
        {
            Cycles.RemoveAt(0);
        }
    }

    /// <summary>What was proven and counted about one bill says nothing about another's.</summary>
    public void ForgetProofs()
    {
        (DemandDay, StopNoticeDeliveredMs, LastNoticeDeliveredMs, StopNoticeId, LastNoticeId) = (0, 0, 0, null, null);
        (AuthorityInformed, ContactAttempts, WelfareVisited, AskedByHand) = (false, 0, false, false);
    }
}
