namespace AccountGrid.LoadTest.Faults;

/// <summary>A payment as the payer knows it.</summary>
internal sealed record PaymentMade(string Reference, string Account, decimal Amount)
{
    public Outcome Outcome { get; set; } = Outcome.Unknown;

    /// <summary>Where its answer says it stands in its partition's log; -1 until it is answered.</summary>
    public long Position { get; set; } = -1;
}
