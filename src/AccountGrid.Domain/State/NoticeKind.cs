using System.Text.Json.Serialization;

namespace AccountGrid.Domain.State;

/// <summary>
/// What a notice says. Each but <see cref="BalanceReminder"/> has a text in every language. <see cref="NoticeKinds"/> has the codes by which kinds are stored,
/// sent and named in the ids of notices.
/// </summary>
[JsonConverter(typeof(NoticeKindConverter))]
public enum NoticeKind
{
    /// <summary>The balance is below a warning level.</summary>
    LowBalance,

    /// <summary>The balance is below zero.</summary>
    BalanceExhausted,

    /// <summary>Emergency credit is used up.</summary>
    CreditUsed,

    /// <summary>Rule by which a later notice of an exhausted balance is compared; never the kind of a text.</summary>
    BalanceReminder,

    /// <summary>A bill was made.</summary>
    Bill,

    /// <summary>The final bill of a closed account asks for nothing; what the customer has left is paid out.</summary>
    FinalBill,

    /// <summary>A bill is due soon.</summary>
    PaymentReminder,

    /// <summary>A bill is due.</summary>
    PaymentDue,

    /// <summary>A bill is overdue.</summary>
    CourtesyReminder,

    /// <summary>Instalments are offered.</summary>
    PlanOffer,

    /// <summary>Formal demand for payment.</summary>
    Demand,

    /// <summary>Formal notice that supply may be cut.</summary>
    StopNotice,

    /// <summary>Supply is cut within hours.</summary>
    LastNotice,

    /// <summary>Supply was cut.</summary>
    SupplyCut,

    /// <summary>Supply was restored.</summary>
    SupplyRestored,

    /// <summary>The customer is asked how satisfied it is. It does not show the balance, and its delivery proves nothing.</summary>
    Survey,

    /// <summary>What will be collected by direct debit, and when. It does not show the balance.</summary>
    DirectDebit,

    /// <summary>Prices change on a day. It does not show the balance.</summary>
    PriceChange,

    /// <summary>Prices that were announced do not come into force. It does not show the balance.</summary>
    PriceWithdrawn,
}
