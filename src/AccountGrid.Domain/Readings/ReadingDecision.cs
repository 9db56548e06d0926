namespace AccountGrid.Domain.Readings;

/// <summary>What a person decides about a reading.</summary>
public enum ReadingDecision : byte
{
    /// <summary>Nothing is decided, or no longer: the reading is what it was.</summary>
    Withdraw = 0,

    /// <summary>The value is right: a rise up to it is charged although it is a spike or the gap is too long.</summary>
    Accept,

    /// <summary>The value is right and the register passed its width: what that makes is charged.</summary>
    Rollover,

    /// <summary>The value is right and the register was set back: the fall is neither charged nor held.</summary>
    SetBack,

    /// <summary>Another value is right.</summary>
    Edit,

    /// <summary>Another value is likely, by a named method; later measured values correct it.</summary>
    Estimate,

    /// <summary>The reading never counts.</summary>
    Dismiss,

    /// <summary>Of two values of one time this one counts. It is how a decision about a conflict is kept, and not what a person says.</summary>
    Confirm,
}
