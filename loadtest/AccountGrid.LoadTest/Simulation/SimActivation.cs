using AccountGrid.Domain.Commands;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>One activation of a partition: the grid's own runner, with the loops that its grain runs it by.</summary>
internal sealed class SimActivation(SimWorld world, SimSilo silo, int partition, FoldCatalogs catalogs, SimFaults faults)
{
    private static readonly GridOptions Options = new() { LogRetainHours = 0, EffectsRowsMax = 3 };

    private bool _ended;

    public SimSilo Silo { get; } = silo;

    public PartitionRunner Runner { get; } = new(silo.Store, silo.Store, silo.Store, catalogs, Options, silo.Process.Time, NullLogger.Instance);

    public bool IsOpen { get; private set; }

    public async Task RunAsync(Action ended)
    {
        try
        {
            await GuardAsync(() => Runner.OpenAsync(partition, Silo.Process.Name));
            IsOpen = true;
            await Task.WhenAll(
                LoopAsync(250_000, async () =>
                {
                    await GuardAsync(Runner.CatchUpWithKnownHeadAsync);
                    await Runner.FlushEffectsAsync();
                }),
                LoopAsync(3_000_000, async () =>
                {
                    await Runner.FlushStatesAsync();
                    await Runner.TrimAsync();
                }),
                LoopAsync(1_000_000, Runner.SweepAsync),
                DeliverAsync());
        }
        catch (Exception e) when (e is not SimViolation)
        {
            // It could not be opened: another time.
        }

        _ended = true;
        ended();
    }

    public async Task<CommandOutcome?> OutcomeAsync(long position)
    {
        if (!IsOpen || Runner.IsLost || _ended)
        {
            throw new InvalidOperationException("The partition is moving.");
        }

        CommandOutcome? outcome = null;
        await GuardAsync(async () => outcome = await Runner.OutcomeAsync(position, default));
        return outcome;
    }

    /// <summary>Batches as a stream brings them: mostly in order and once.</summary>
    private async Task DeliverAsync()
    {
        var at = Runner.State.Position;
        await LoopAsync(15_000, async () =>
        {
            if (await Silo.Store.ReadAsync(partition, at, 0) is not { } batch)
            {
                return;
            }

            var trouble = world.Random.NextDouble() < faults.LostDelivery ? world.Random.Next(3) : -1;
            if (trouble == 0)
            {
                at = batch.EndPosition;
                return;
            }

            if (trouble == 1 && await Silo.Store.ReadAsync(partition, batch.EndPosition, 0) is { } later)
            {
                await GuardAsync(() => Runner.FoldAsync(later));
            }

            await GuardAsync(() => Runner.FoldAsync(batch));
            at = trouble == 2 ? at : batch.EndPosition;
        });
    }

    private async Task LoopAsync(long periodUs, Func<Task> work)
    {
        await Silo.Process.DelayAsync(world.Random.NextInt64(periodUs));
        while (!Runner.IsLost)
        {
            try
            {
                await work();
            }
            catch (Exception e) when (e is not SimViolation)
            {
                // As the grain's loops: whatever it was, they go on, or end because the partition is lost.
            }

            await Silo.Process.DelayAsync(periodUs);
        }
    }

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (UnfoldableRecordException found)
        {
            throw await Runner.QuarantineAsync(found);
        }
    }
}
