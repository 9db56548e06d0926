using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Metering;

/// <summary>
/// A meter while somebody looks at it: takes its state from its partition and is then told every change; when it has moved on, it finds the new partition. It
/// is where commands to a meter are put in order.
/// </summary>
internal sealed class MeterGrain(GridDirectory directory, MeterDays days, PostgresLog log, TimeProvider time) : Grain, IMeterLogGrain
{
    /// <summary>A move is asked for at its destination this often before the caller is told to look later.</summary>
    private const int ArrivalTries = 40;

    private MeterView? _view;
    private DateTimeOffset _watchedAt;

    public async Task<MeterView?> Get()
    {
        if (_view is { UntilMs: null } && time.GetUtcNow() - _watchedAt < Leases.Renew)
        {
            return _view;
        }

        var id = this.GetPrimaryKeyString();
        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return null;
        }

        var view = await GrainFactory.Partition(meter.Partition).WatchMeter(meter.Number, id);
        _watchedAt = time.GetUtcNow();
        if (view is not null)
        {
            Take(view);
        }

        return _view;
    }

    public Task Changed(MeterView view)
    {
        Take(view);
        return Task.CompletedTask;
    }

    /// <summary>A later assignment, or a later position of the same: answers never go back.</summary>
    public Task Forget()
    {
        (_view, _watchedAt) = (null, default);
        return Task.CompletedTask;
    }

    private void Take(MeterView view)
    {
        if (_view is null || view.Assignment > _view.Assignment || (view.Assignment == _view.Assignment && view.Position >= _view.Position))
        {
            _view = view;
        }
    }

    public async Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash)
    {
        var meter = await directory.FindMeterAsync(this.GetPrimaryKeyString());
        if (meter is null)
        {
            return new OutcomeView(0, 0, MeterRefusals.Unknown, $"Meter {this.GetPrimaryKeyString()} does not exist.", 0, Replayed: false);
        }

        var parsed = GridCommand.FromBytes(command);
        var named = parsed switch { ReleaseMeter c => c.Meter, ExchangeMeter c => c.Meter, _ => 0 };
        if (named != meter.Number)
        {
            return new OutcomeView(meter.Partition, 0, MeterRefusals.CommandNotOfMeter, $"The command {parsed.GetType().Name} is not one for meter {meter.Id}.",
                0, Replayed: false);
        }

        // Whatever comes of it, the next answer is asked for anew.
        _watchedAt = default;
        var record = LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), parsed);
        var outcome = await Commands.AppendAndWait(GrainFactory, log, new LogAppend(meter.Partition, 1, record, new LogKey(key, bodyHash)), mayTryAgain: true);
        if (parsed is ReleaseMeter move)
        {
            if (outcome.Accepted)
            {
                await AwaitArrival(meter, move);
            }
            else if (await HasArrived(meter, move))
            {
                // Asked for again after it was done: its key lies in the log of the former partition.
                return outcome with { Code = null, Detail = null, Replayed = true };
            }
        }

        return outcome;
    }

    public async Task<IReadOnlyList<DayView>> Days(int fromDay, int toDay) =>
        await directory.FindMeterAsync(this.GetPrimaryKeyString()) is { } meter ? await days.OfMeterAsync(meter.Number, meter.Partition, fromDay, toDay) : [];

    private async Task<bool> HasArrived(MeterAddress meter, ReleaseMeter move)
    {
        // In the directory too, so that whoever asks next asks there.
        if (await directory.FindMeterAsync(meter.Id) is not { } found || found.Partition != move.ToPartition || found.Account != move.ToAccount)
        {
            return false;
        }

        var there = await GrainFactory.Partition(move.ToPartition).Meter(meter.Number);
        return there?.Account == move.ToAccount && there.FromMs == move.AtMs;
    }

    /// <summary>The move is decided; it has arrived when the destination knows the meter. Later than that is no error, only later.</summary>
    private async Task AwaitArrival(MeterAddress meter, ReleaseMeter move)
    {
        for (var i = 0; i < ArrivalTries; i++)
        {
            if (await HasArrived(meter, move))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        }
    }
}
