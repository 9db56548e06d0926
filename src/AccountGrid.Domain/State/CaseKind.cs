namespace AccountGrid.Domain.State;

/// <summary>Why a case is open. <see cref="CaseKinds"/> has the codes.</summary>
public enum CaseKind
{
    /// <summary>A person contacts the customer before a formal demand.</summary>
    Contact,

    /// <summary>A person delivers the stop notice whose delivery no channel has proven.</summary>
    DeliverByHand,

    /// <summary>A person gives the authority its copy of the stop notice before an important user is cut.</summary>
    InformAuthority,

    /// <summary>The last stage before a cut is reached, but the supply may never be cut, or there is none any more: a person decides.</summary>
    CannotBeCut,

    /// <summary>A stop notice has expired because something that only people can do was missing.</summary>
    CutBlocked,

    /// <summary>A person closes the account.</summary>
    CloseAccount,

    /// <summary>A person decides whether the arrears are written off.</summary>
    WriteOff,

    /// <summary>A payment for debt was reversed: a person checks the terms of the debt agreement.</summary>
    DebtTerms,

    /// <summary>A released cut was not confirmed in time.</summary>
    RelayUnconfirmed,

    /// <summary>A restore was not confirmed in time.</summary>
    RestoreUnconfirmed,

    /// <summary>A complaint is to be taken up and resolved.</summary>
    Complaint,

    /// <summary>A meter counts although its relay is off.</summary>
    Tamper,

    /// <summary>A person opened it.</summary>
    Manual,

    /// <summary>A payment of a channel has no account: a person finds out whose it is.</summary>
    Suspense,

    /// <summary>A day of a channel has differences.</summary>
    Reconciliation,

    /// <summary>A direct debit was not paid, or came back: a person does what its reason asks for.</summary>
    DebitReturned,

    /// <summary>A customer's use has fallen by more than half, and no vacancy is known: its account manager finds out why.</summary>
    UseFall,

    /// <summary>A payment channel missed a target of its configuration on a day.</summary>
    ChannelTarget,

    /// <summary>A customer has agreed to prepaid terms, and the switch at the border of the month was refused.</summary>
    PrepaymentRefused,

    /// <summary>A closed account has credit after its final bill: a person pays it out.</summary>
    PayOut,
}
