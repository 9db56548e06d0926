namespace AccountGrid.Domain.Overdue;

/// <summary>Stages of collection, mildest first. An account is in one; escalation passes through each.</summary>
public enum Stage : byte
{
    None = 0,

    /// <summary>A reminder before the due day.</summary>
    Reminder = 1,
    Due = 2,
    Courtesy = 3,

    /// <summary>A case for the area's collector, or the account manager of a large customer.</summary>
    Contact = 4,
    PlanOffer = 5,
    Demand = 6,
    StopNotice = 7,

    /// <summary>The last notice, minutes before.</summary>
    ReNotice = 8,
    Cut = 9,
    Closed = 10,
    WrittenOff = 11,
}

/// <summary>A bill that is not paid in full. What is paid is counted oldest first: a bill is paid when payments reach all that was billed up to it.</summary>
/// <param name="ThroughNano">Everything billed up to and with this bill, nano.</param>
/// <param name="FeeDays">Fee summed day by day, before the minimum, nano.</param>
/// <param name="FeeBooked">Fee in the ledger, nano.</param>
public readonly record struct OpenBill(int Number, long ThroughNano, long AmountNano, int DueDay, long FeeDays, long FeeBooked);

/// <param name="Day">Local day by which it is to be paid.</param>
public readonly record struct Instalment(int Day, long AmountNano);

/// <summary>What one local month was charged and is not billed yet.</summary>
/// <param name="Corrections">Corrections of days that were billed before.</param>
public readonly record struct MonthSum(int StartDay, long EnergyWh, Accounts.ChargeParts Parts, Money Corrections)
{
    public Money Total => Parts.Total + Corrections;
}

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

    /// <summary>Everything billed so far, nano, in whole hundredths: charges only, no fees.</summary>
    public long BilledNano { get; set; }

    /// <summary>The charges that it stands for, nano, unrounded: what rounding left over is in the next bill.</summary>
    public long BookedNano { get; set; }

    /// <summary>Credit and late fees at the last bill, nano: what was paid since is the difference.</summary>
    public long CreditAtBillNano { get; set; }

    /// <summary>Months that are not billed yet, rising.</summary>
    public List<MonthSum> Unbilled { get; } = [];

    /// <summary>Late fees in the ledger less waivers, nano. They are part of the account's debits, but pay no bill and bear no fee.</summary>
    public long FeesNano { get; set; }

    /// <summary>Last local day for which late fees were counted.</summary>
    public int FeeThroughDay { get; set; }

    public List<OpenBill> Bills { get; } = [];

    /// <summary>Paid bills that a bounced payment can open again; a year of them.</summary>
    public const int PaidBillsKept = 12;

    public List<OpenBill> PaidBills { get; } = [];

    /// <summary>Debits that are neither charges nor late fees (adjustments, debt that was recovered), nano: they take nothing away from what paid the bills.</summary>
    public long BesideNano { get; set; }

    /// <summary>Instalments agreed and not yet met, rising by day.</summary>
    public List<Instalment> Plan { get; } = [];

    /// <summary>Credit at which the next instalment is met, nano.</summary>
    public long PlanBaseNano { get; set; }

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

    /// <summary>A person was asked to carry the stop notice that no channel could prove.</summary>
    public bool AskedByHand { get; set; }

    public bool AuthorityInformed { get; set; }

    public int ContactAttempts { get; set; }

    /// <summary>Due day of the oldest unpaid bill, which the contacts and proofs here belong to; 0 is none.</summary>
    public int ProofDueDay { get; set; }

    public bool WelfareVisited { get; set; }

    /// <summary>What counts as paid towards bills: the account's credit without its debits beside them.</summary>
    public long PaidNano(long creditNano) => checked(creditNano + FeesNano + BesideNano);

    /// <summary>What of the bills is unpaid, nano, given the account's credit: payments pay bills before fees. Less than a hundredth is nothing.</summary>
    public long UnpaidNano(long creditNano) => Owed(BilledNano - PaidNano(creditNano));

    /// <summary>What of one bill is unpaid, nano.</summary>
    public long UnpaidOf(in OpenBill bill, long creditNano) => Owed(Math.Min(bill.ThroughNano - PaidNano(creditNano), bill.AmountNano));

    private static long Owed(long nano) => nano < Money.NanoPerUnit / 100 ? 0 : nano;

    /// <summary>Payments beyond all bills pay late fees: a fee that is paid is no fee any more.</summary>
    public void SettleFees(long creditNano) => FeesNano -= Math.Clamp(PaidNano(creditNano) - BilledNano, 0, Math.Max(0, FeesNano));

    /// <summary>Bills that are paid leave the open ones, and come back with their due day if what paid them is taken back.</summary>
    public void SortBills(long creditNano)
    {
        for (var i = PaidBills.Count - 1; i >= 0; i--)
        {
            if (UnpaidOf(PaidBills[i], creditNano) > 0)
            {
                Bills.Add(PaidBills[i]);
                PaidBills.RemoveAt(i);
            }
        }

        Bills.Sort((x, y) => x.ThroughNano != y.ThroughNano ? x.ThroughNano.CompareTo(y.ThroughNano) : x.Number.CompareTo(y.Number));
        for (var i = 0; i < Bills.Count; i++)
        {
            if (UnpaidOf(Bills[i], creditNano) == 0)
            {
                PaidBills.Add(Bills[i]);
                Bills.RemoveAt(i--);
            }
        }

        if (PaidBills.Count > PaidBillsKept)
        {
            PaidBills.RemoveRange(0, PaidBills.Count - PaidBillsKept);
        }
    }

    /// <summary>A bill that is a credit lowers what was billed before it, like a payment.</summary>
    public void Lower(long nano)
    {
        for (var i = 0; i < Bills.Count; i++)
        {
            Bills[i] = Bills[i] with { ThroughNano = Bills[i].ThroughNano - nano };
        }

        for (var i = 0; i < PaidBills.Count; i++)
        {
            PaidBills[i] = PaidBills[i] with { ThroughNano = PaidBills[i].ThroughNano - nano };
        }
    }

    /// <summary>Days of the oldest unpaid bill after its due day; null where none is unpaid.</summary>
    public int? OverdueDays(long creditNano, int today) => OldestDueDay(creditNano) is { } due ? today - due : null;

    /// <summary>Due day of the oldest unpaid bill; null where none is unpaid.</summary>
    public int? OldestDueDay(long creditNano)
    {
        foreach (var bill in Bills)
        {
            if (UnpaidOf(bill, creditNano) > 0)
            {
                return bill.DueDay;
            }
        }

        return null;
    }

    /// <summary>Proofs and counts belong to one descent; they end when it is paid.</summary>
    public void ForgetDescent()
    {
        ForgetProofs();
        PromiseDay = 0;
        Plan.Clear();
    }

    /// <summary>What was proven and counted about one bill says nothing about another's.</summary>
    public void ForgetProofs()
    {
        (DemandDay, StopNoticeDeliveredMs, LastNoticeDeliveredMs, StopNoticeId, LastNoticeId) = (0, 0, 0, null, null);
        (AuthorityInformed, ContactAttempts, WelfareVisited, AskedByHand) = (false, 0, false, false);
    }
}
