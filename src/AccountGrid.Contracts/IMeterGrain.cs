using Orleans.Concurrency;

namespace AccountGrid.Contracts;

/// <summary>A meter, in whichever partition it is. Its key is the meter's id.</summary>
[Alias("AccountGrid.IMeterGrain")]
public interface IMeterGrain : IGrainWithStringKey
{
    /// <summary>The meter as it stands now; null if it does not exist. Answers of one activation never go back.</summary>
    [Alias("Get")]
    Task<MeterView?> Get();

    /// <summary>
    /// A move or an exchange in the meter's partition, once per key. The answer comes when a move has arrived. <c>command.not_of_meter</c> is the refusal for
    /// any other command, and for one that names another meter.
    /// </summary>
    [Alias("Execute")]
    Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash);

    /// <summary>The partition's word on a change.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Changed")]
    Task Changed(MeterView view);

    /// <summary>Days from one to another, both included, closed and open, rising.</summary>
    [Alias("Days")]
    Task<IReadOnlyList<DayView>> Days(int fromDay, int toDay);
}
