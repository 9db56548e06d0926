namespace AccountGrid.Domain.Rating;

/// <summary>The prices of one local day of a series, through one publication.</summary>
/// <param name="Micro">By interval, 10^-6 units per kWh; the average where none is known.</param>
/// <param name="Publications">Number of the publication that each price is of; 0 where it is missing, and the average stands in its place.</param>
/// <param name="Number">The latest publication that any of the prices comes from, those that an average is of included; 0 is none. Publications of other days
/// do not change it, so it says which ones a day was rated by whenever that was.</param>
public sealed record SeriesDay(IReadOnlyList<long> Micro, IReadOnlyList<int> Publications, int Number)
{
    /// <summary>Whether every price is known.</summary>
    public bool IsComplete => !Publications.Contains(0);
}
