namespace AccountGrid.LoadTest.Faults;

/// <summary>What a request came to, as its sender knows it.</summary>
internal enum Outcome
{
    /// <summary>Acknowledged: it must be there once.</summary>
    Taken,

    /// <summary>Refused with a definite answer: it must not be there.</summary>
    Refused,

    /// <summary>No definite answer, and the sender gave up: it may be there once or not at all.</summary>
    Unknown,
}
