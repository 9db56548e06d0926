namespace AccountGrid.Domain.Rating;

/// <summary>
/// Up to which publication of prices a partition counts: the largest that its log has named. What is charged by prices of intervals goes by it, so that it is a
/// function of the log and of publications, which never change.
/// </summary>
public sealed class PriceClock
{
    /// <summary>Number of a publication; 0 is none.</summary>
    public int Through { get; set; }
}
