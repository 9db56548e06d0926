using System.Runtime;

namespace AccountGrid.Host.Hosting;

/// <summary>
/// Keeps the collection of old objects in the background. .NET's thread for it ends after 20 s without work, and a collection that has to start it first
/// often does not wait until it stands: the whole heap is then collected with all threads stopped, and compacted (runtime issue 13238, mended
/// after .NET 10 by pull request 119383). A grid of a million meters stood still for 0.5 s by it; so the thread is never left without work for so long.
/// </summary>
/// <param name="period">Less than 20 s, but for a test.</param>
public sealed class BackgroundGarbageCollection(TimeSpan period) : BackgroundService
{
    /// <summary>Less than the runtime's 20 s by what a tick may be late.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>Millions of accounts live long: what stops the process to compact them holds up every acknowledgement.</summary>
    public static void Prefer() => GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The process's own time: a simulated clock must not leave it without.
        using var timer = new PeriodicTimer(period);
        try
        {
            do
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Default, blocking: false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
