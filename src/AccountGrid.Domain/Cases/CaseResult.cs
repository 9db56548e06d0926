namespace AccountGrid.Domain.Cases;

/// <summary>With what a case ends. <see cref="CaseSteps.ConsequenceOf"/> says what follows from it; text beside it has no consequences.</summary>
public enum CaseResult
{
    /// <summary>What was to be done is done.</summary>
    Done,

    /// <summary>The customer has paid, or says so. Only the ledger knows of payments: nothing follows from it.</summary>
    Paid,

    /// <summary>The customer promises to pay by a day.</summary>
    Promised,

    /// <summary>Nobody was reached. It proves nothing.</summary>
    NotReached,

    /// <summary>There was nothing to do any more.</summary>
    NotNeeded,

    /// <summary>Another case is about the same.</summary>
    Duplicate,
}
