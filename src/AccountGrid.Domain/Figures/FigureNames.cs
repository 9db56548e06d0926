namespace AccountGrid.Domain.Figures;

/// <summary>
/// Names of what is counted, as they are stored and shown. A sum of a day is either of what happened on it, or (the second list) of how things stood at its
/// end. What a detail is, is said beside each that has one.
/// </summary>
public static class FigureNames
{
    /// <summary>Charged for energy, standing charges and their taxes, corrections included. Amount.</summary>
    public const string Charged = "charged";

    /// <summary>Late fees less what was waived of them. Amount.</summary>
    public const string LateFees = "late-fees";

    /// <summary>Bills that ask for money. Count, and what they newly ask for: the period's charges and the debits since the last bill.</summary>
    public const string Billed = "billed";

    /// <summary>Payments, by channel. Count and amount.</summary>
    public const string Payments = "payments";

    /// <summary>Payments that were reversed, on the day of the reversal. Count and amount.</summary>
    public const string Reversals = "reversals";

    /// <summary>Paid by accounts that pay by bill, less what was reversed. Amount.</summary>
    public const string Collected = "collected";

    /// <summary>Refunds. Count and amount.</summary>
    public const string Refunds = "refunds";

    /// <summary>Compensation that was given. Count and amount.</summary>
    public const string Compensation = "compensation";

    /// <summary>Written off. Count and amount.</summary>
    public const string WrittenOff = "written-off";

    /// <summary>The part of it that paid arrears of the beginning of the calendar year. Amount.</summary>
    public const string CollectedOld = "collected-old";

    /// <summary>Notices that ask for money, by kind, on the day on which they were given. Count.</summary>
    public const string Notices = "notices";

    /// <summary>Those of them that a payment followed within 24 hours, by kind, on the day of the notice. Count.</summary>
    public const string NoticesPaid = "notices-paid";

    /// <summary>Overdue stages that were entered, by stage. Count.</summary>
    public const string Stages = "stages";

    /// <summary>Supplies that were cut, confirmed by the relay, by cause. Count.</summary>
    public const string Cuts = "cuts";

    /// <summary>Cuts that the interlock refused. Count.</summary>
    public const string CutsRefused = "cuts-refused";

    /// <summary>Reasons against them, by code; a refused cut can have several. Count.</summary>
    public const string CutsRefusedReasons = "cuts-refused-reasons";

    /// <summary>Supplies that are on again after a cut, by the hours that it took at most. Count; the amount is seconds.</summary>
    public const string Restores = "restores";

    /// <summary>Complaints, by topic. Count.</summary>
    public const string Complaints = "complaints";

    /// <summary>Complaints that were decided, by outcome. Count.</summary>
    public const string ComplaintsResolved = "complaints-resolved";

    /// <summary>Instalment plans that were agreed. Count.</summary>
    public const string PlansAgreed = "plans-agreed";

    /// <summary>Plans that were kept to their end. Count.</summary>
    public const string PlansKept = "plans-kept";

    /// <summary>Plans of which an instalment was missed. Count.</summary>
    public const string PlansBroken = "plans-broken";

    /// <summary>Contacts with customers, by the person who made them. Count.</summary>
    public const string Contacts = "contacts";

    /// <summary>Contacts in which the customer was met or signed, by person. Count.</summary>
    public const string ContactsReached = "contacts-reached";

    /// <summary>Paid within seven days of the last contact, by the person who made it. Count and amount.</summary>
    public const string CollectedAfterContact = "collected-after-contact";

    /// <summary>Cases that were closed, by person. Count.</summary>
    public const string CasesClosed = "cases-closed";

    /// <summary>Open accounts, by payment mode. Count; the amount is their balances.</summary>
    public const string Accounts = "accounts";

    /// <summary>Owed by accounts that pay by bill, by age: the accounts that owe it, and the amount.</summary>
    public const string Receivable = "receivable";

    /// <summary>The part of it that was due in an earlier calendar year, by age. Amount.</summary>
    public const string ReceivableEarlier = "receivable-earlier";

    /// <summary>Owed by prepaid accounts: balances below zero. Count and amount.</summary>
    public const string PrepaidOwed = "prepaid-owed";

    /// <summary>Owed in debt agreements, beside the balances. Count and amount.</summary>
    public const string Debt = "debt";

    /// <summary>Balances above zero. Count and amount.</summary>
    public const string Credit = "credit";

    /// <summary>Accounts whose supply is cut. Count.</summary>
    public const string WithoutSupply = "without-supply";

    /// <summary>Arrears that stood at the beginning of the calendar year. Amount.</summary>
    public const string OldArrears = "old-arrears";

    /// <summary>Names of how things stood at a day's end: such sums are never added over days.</summary>
    public static IReadOnlyList<string> Standing { get; } = [Accounts, Receivable, ReceivableEarlier, PrepaidOwed, Debt, Credit, WithoutSupply, OldArrears];
}
