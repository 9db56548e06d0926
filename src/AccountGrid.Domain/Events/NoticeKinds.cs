using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>
/// Kinds of notices: the codes by which they are stored, sent and named in their ids. Each but <see cref="BalanceReminder"/> has a text in every language.
/// </summary>
public static class NoticeKinds
{
    /// <summary>The balance is below a warning level.</summary>
    public const string LowBalance = "low-balance";

    /// <summary>The balance is below zero.</summary>
    public const string BalanceExhausted = "balance-exhausted";

    /// <summary>Emergency credit is used up.</summary>
    public const string CreditUsed = "credit-used";

    /// <summary>Rule by which a later notice of an exhausted balance is compared; never the kind of a text.</summary>
    public const string BalanceReminder = "balance-reminder";

    /// <summary>A bill was made.</summary>
    public const string Bill = "bill";

    /// <summary>A bill is due soon.</summary>
    public const string PaymentReminder = "payment-reminder";

    /// <summary>A bill is due.</summary>
    public const string PaymentDue = "payment-due";

    /// <summary>A bill is overdue.</summary>
    public const string CourtesyReminder = "courtesy-reminder";

    /// <summary>Instalments are offered.</summary>
    public const string PlanOffer = "plan-offer";

    /// <summary>Formal demand for payment.</summary>
    public const string Demand = "demand";

    /// <summary>Formal notice that supply may be cut.</summary>
    public const string StopNotice = "stop-notice";

    /// <summary>Supply is cut within hours.</summary>
    public const string LastNotice = "last-notice";

    /// <summary>Supply was cut.</summary>
    public const string SupplyCut = "supply-cut";

    /// <summary>Supply was restored.</summary>
    public const string SupplyRestored = "supply-restored";

    /// <summary>The customer is asked how satisfied it is. It does not show the balance, and its delivery proves nothing.</summary>
    public const string Survey = "survey";

    /// <summary>What will be collected by direct debit, and when. It does not show the balance.</summary>
    public const string DirectDebit = "direct-debit";

    /// <summary>Letters about arrears and the stage that each is for.</summary>
    public static IReadOnlyDictionary<string, Stage> Letters { get; } = new Dictionary<string, Stage>
    {
        [PaymentReminder] = Stage.Reminder,
        [PaymentDue] = Stage.Due,
        [CourtesyReminder] = Stage.Courtesy,
        [PlanOffer] = Stage.PlanOffer,
        [Demand] = Stage.Demand,
        [StopNotice] = Stage.StopNotice,
    };
}
