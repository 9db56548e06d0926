namespace AccountGrid.Domain.Billing;

/// <summary>What follows when a direct debit was not paid or came back. A case is opened in any event.</summary>
public enum DebitReturnStep
{
    /// <summary>A person looks at it.</summary>
    Look,

    /// <summary>Funds were missing: it may be collected once more.</summary>
    PresentAgain,

    /// <summary>The bank account is closed: nothing is collected until the customer has given another.</summary>
    SuspendMandate,

    /// <summary>There is no valid mandate.</summary>
    CancelMandate,

    /// <summary>The customer asked its bank for the money: the payment is in dispute for a time, and nobody is cut for it.</summary>
    Dispute,
}
