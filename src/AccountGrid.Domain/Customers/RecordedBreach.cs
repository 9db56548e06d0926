namespace AccountGrid.Domain.Customers;

/// <summary>
/// Something that a person established about a customer on a local day (day number): one of the first five kinds of <see cref="KnockOut"/>.
/// </summary>
/// <param name="EndDay">The day on which it was put right. Only a hazard ends so.</param>
public readonly record struct RecordedBreach(KnockOut Kind, int Day, int? EndDay = null)
{
    private const int TheftDays = 730;
    private const int OtherDays = 365;

    /// <summary>Whether it counts on a day: a theft for 730 days from its own on, a hazard until it is remedied, the others for 365 days.</summary>
    public bool Counts(int today) => today >= Day && Kind switch
    {
        KnockOut.Theft => today < Day + TheftDays,
        KnockOut.UnremediedHazard => EndDay is not { } end || today < end,
        _ => today < Day + OtherDays,
    };
}
