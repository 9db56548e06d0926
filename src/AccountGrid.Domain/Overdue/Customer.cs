using AccountGrid.Domain.LowBalance;

namespace AccountGrid.Domain.Overdue;

public enum CustomerClass : byte
{
    Residential = 0,
    Business = 1,
    Industrial = 2,

    /// <summary>Hospitals, mines, transport...: a cut is notified to the authority as well.</summary>
    Important = 3,
}

[Flags]
public enum CustomerTraits
{
    None = 0,

    /// <summary>Protected by law or by the company's promise in some months.</summary>
    Protected = 1,

    /// <summary>Elderly, ill, with small children: needs a welfare visit where the pack asks for one.</summary>
    Vulnerable = 2,

    /// <summary>Life depends on supply: never cut.</summary>
    NeverCut = 4,

    /// <summary>The customer has agreed to prepaid control of supply: a reference to what was signed is on record, in the event that gave it.</summary>
    PrepaidConsent = 8,
}

/// <summary>What the workflows know of an account beyond its meters and money. An account without one has no workflow: only its own levels by amount.</summary>
public sealed class Customer
{
    /// <summary>Number of the policy pack's family; which version holds is decided by the day.</summary>
    public required int PolicyFamily { get; set; }

    public CustomerClass Class { get; set; }

    public CustomerTraits Traits { get; set; }

    /// <summary>What the forecast of days left remembers of closed days.</summary>
    public UseHistory Use { get; init; } = new();

    /// <summary>When the customer was last shown the balance: a message that was delivered, UTC ms; 0 is never.</summary>
    public long BalanceShownMs { get; set; }

    /// <summary>When the customer was last told of a balance below zero again, UTC ms.</summary>
    public long RemindedMs { get; set; }

    /// <summary>Since when a prepaid balance is below zero, UTC ms; 0 is not.</summary>
    public long NegativeSinceMs { get; set; }

    /// <summary>When emergency credit's amount was used up, UTC ms; 0 is not.</summary>
    public long CreditUsedMs { get; set; }

    /// <summary>From when the wait for a cut for want of balance counts anew, UTC ms: something had stopped a cut; 0 is nothing.</summary>
    public long WaitFromMs { get; set; }

    /// <summary>The account came with levels by amount of its own; the pack's are then not for it.</summary>
    public bool HasOwnLevels { get; set; }

    /// <summary>What stands in the due table for it, UTC ms; 0 is no row.</summary>
    public long DueMs { get; set; }

    public List<Hold> Holds { get; } = [];

    /// <summary>Payments announced by a channel and not yet there.</summary>
    public List<PendingPayment> PendingPayments { get; } = [];

    /// <summary>Cases that are open, oldest first: what a contact may name.</summary>
    public List<WorkCase> Cases { get; } = [];

    public OverdueState Overdue { get; } = new();

    public SupplyState Supply { get; } = new();

    public Debt Debt { get; set; }

    public bool Has(CustomerTraits trait) => (Traits & trait) != 0;
}

public enum HoldKind : byte
{
    /// <summary>A bill or reading is disputed, or a complaint is open.</summary>
    Dispute = 0,
    Bereavement = 1,

    /// <summary>Readings are in doubt.</summary>
    DataQuality = 2,

    /// <summary>Heat, cold, storm, flood.</summary>
    Weather = 3,

    /// <summary>A person's decision.</summary>
    Manual = 4,

    /// <summary>The account's money is in doubt: something of it was set aside.</summary>
    Suspense = 5,

    /// <summary>A person has ordered supply to be restored, or a cut called off: it holds until its date.</summary>
    OrderedRestore = 6,
}

/// <summary>Stops escalation and cuts while it stands.</summary>
/// <param name="UntilMs">When it ends by itself, UTC ms; <see cref="long.MaxValue"/> is when it is lifted.</param>
public readonly record struct Hold(HoldKind Kind, long UntilMs);

/// <param name="Number">Its number among the account's notices and cases.</param>
/// <param name="NoticeId">The notice that it was opened for; null is none.</param>
public readonly record struct WorkCase(string Kind, int Number, string? NoticeId)
{
    /// <summary>A person carries the stop notice that no channel has proven.</summary>
    public const string DeliverByHand = "deliver-by-hand";

    /// <summary>A person gives the authority its copy before an important user is cut.</summary>
    public const string InformAuthority = "inform-authority";

    /// <summary>The case's name: account, kind and number.</summary>
    public string IdOf(int account) => $"{account}:{Kind}:{Number}";
}

/// <param name="UntilMs">When it is no longer waited for, UTC ms.</param>
public readonly record struct PendingPayment(string Reference, long UntilMs);

/// <summary>
/// Debt carried beside the balance by agreement. On a prepaid account a share of each payment recovers it, or an amount per day, out of what is above zero; on bills
/// the same share of each bill and the days' amounts are asked for by the next bill.
/// </summary>
/// <param name="ShareBasisPoints">Share of each payment or bill, hundredths of a percent.</param>
/// <param name="ThroughDay">Last local day for which the daily part was looked at.</param>
public readonly record struct Debt(Money Left, int ShareBasisPoints, Money PerDay, int ThroughDay);
