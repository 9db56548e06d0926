namespace AccountGrid.Host.Reconciliation;

/// <summary>What the comparison of a channel's books with the grid's says of a line, or of a payment of the grid.</summary>
public enum ReconciliationResult
{
    /// <summary>Both books have it, alike; or both books are as if it had never been.</summary>
    Matched,

    /// <summary>The channel has it, and the grid does not.</summary>
    MissingHere,

    /// <summary>The grid has it, and no file of the channel does.</summary>
    MissingThere,

    /// <summary>Both have it, with different amounts.</summary>
    Amount,

    /// <summary>The channel has it more often than once.</summary>
    Duplicate,

    /// <summary>Both have it, under different business days.</summary>
    DayShift,

    /// <summary>Both have it, and the channel keeps another fee than its configuration says; or a fee that belongs to no payment.</summary>
    Fee,
}
