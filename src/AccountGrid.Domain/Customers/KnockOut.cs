namespace AccountGrid.Domain.Customers;

/// <summary>What gives grade D whatever the points are. Source: Wuhan, 2005, number 60, as in SERVICE.md.</summary>
public enum KnockOut : byte
{
    /// <summary>Theft of electricity that was established. It counts for two years.</summary>
    Theft = 1,

    /// <summary>Another breach of the supply contract that was established. It counts for a year.</summary>
    Violation = 2,

    /// <summary>The kind of use was changed without a contract for it. It counts for a year.</summary>
    UnsignedChangeOfUse = 3,

    /// <summary>An accident on the grid for which the customer is answerable. It counts for a year.</summary>
    Accident = 4,

    /// <summary>A hazard in the customer's installation that was reported and is not remedied.</summary>
    UnremediedHazard = 5,

    /// <summary>A bill that was due before this year is unpaid, more than 30 days late, and in no agreement that is kept.</summary>
    OldArrears = 6,

    /// <summary>Bills of three or more months of this year are late.</summary>
    ThreeMonthsUnpaid = 7,
}
