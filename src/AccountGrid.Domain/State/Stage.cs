namespace AccountGrid.Domain.State;

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
