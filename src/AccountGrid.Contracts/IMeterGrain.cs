using Orleans.CodeGeneration;

namespace AccountGrid.Contracts;

/// <summary>A meter, in whichever partition it is. Its key is the meter's id.</summary>
[Alias("AccountGrid.IMeterGrain")]
[Version(1)]
public interface IMeterGrain : IGrainWithStringKey
{
    /// <summary>The meter as it stands now; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<MeterView?> Get();

    /// <summary>Days from one to another, both included, closed and open, rising.</summary>
    [Alias("Days")]
    Task<IReadOnlyList<DayView>> Days(int fromDay, int toDay);
}
