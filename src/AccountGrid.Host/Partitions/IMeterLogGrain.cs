using AccountGrid.Contracts;
using Orleans.Concurrency;

namespace AccountGrid.Host.Partitions;

/// <summary>What the grid's own processes ask of a meter beside what everybody may.</summary>
[Alias("AccountGrid.IMeterLogGrain")]
internal interface IMeterLogGrain : IMeterGrain
{
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

    /// <summary>What the partition said was folded from records that the log does not have: it is asked again.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("Forget")]
    Task Forget();
}
