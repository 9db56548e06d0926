using System.Threading.Channels;
using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// An account while somebody looks at it. It takes its state from its partition in one call and is then told every change; renewing the watch finds
/// what a lost message hid. Money moves only in the fold.
/// </summary>
[PartitionPlacement]
internal sealed partial class AccountGrain(
    GridDirectory directory, PostgresLog log, Approvals approvals, TariffCatalog tariffs, TimeProvider time, IHostApplicationLifetime life)
    : Grain, IAccountLogGrain
{
    private List<Channel<AccountView>>? _listeners;
    private AccountAddress? _address;

    /// <summary>Mostly one, so no dictionary: an awake grain is small.</summary>
    private (int Number, string Id)[] _meters = [];

    /// <summary>As of the account's last change; it is known up to <see cref="_position"/>, folded at <see cref="_asOfMs"/>.</summary>
    private AccountView? _view;
    private long _position;
    private long _asOfMs;
    private DateTimeOffset _watchedAt;

    public async Task<AccountView?> Get()
    {
        await Refresh();
        return Known();
    }

    public async Task<AccountView?> GetAfter(long position)
    {
        await Refresh(always: _view is not null && _position <= position);
        return _view is null || _position > position
            ? Known()
            : throw new PartitionMovingException($"The account's balance is known up to {_position} here, not yet after {position}; ask again.");
    }

    public async Task<OutcomeView> Execute(byte[] command, string key, byte[] bodyHash)
    {
        var address = await Address();
        if (address is null)
        {
            return new OutcomeView(0, 0, AccountRefusals.Unknown, $"Account {this.GetPrimaryKeyString()} does not exist.", 0, Replayed: false);
        }

        var parsed = GridCommand.FromBytes(command);
        if (parsed is not AccountCommand { Account: var account } || account != address.Number)
        {
            return new OutcomeView(address.Partition, 0, AccountRefusals.CommandNotOfAccount,
                $"The command {parsed.GetType().Name} is not one for account {this.GetPrimaryKeyString()}.", 0, Replayed: false);
        }

        var record = LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), parsed);
        var outcome = await Commands.AppendAndWait(GrainFactory, log, new LogAppend(address.Partition, 1, record, new LogKey(key, bodyHash)));
        await Refresh(always: true);
        return outcome;
    }

    public async IAsyncEnumerable<AccountView> Changes([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        // A slow listener gets the latest state, not a queue of old ones.
        var channel = Channel.CreateBounded<AccountView>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        (_listeners ??= []).Add(channel);
        try
        {
            await Refresh();
            if (_view is null)
            {
                yield break;
            }

            channel.Writer.TryWrite(Known()!);
            // A listener that waits would hold up its silo's stop for as long as Orleans lets it wait, 15 s; it asks again, and is answered elsewhere.
            while (!cancel.IsCancellationRequested && !life.ApplicationStopping.IsCancellationRequested)
            {
                using var renew = CancellationTokenSource.CreateLinkedTokenSource(cancel, life.ApplicationStopping);
                renew.CancelAfter(Leases.Renew);
                AccountView? next = null;
                try
                {
                    next = await channel.Reader.ReadAsync(renew.Token);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    await (life.ApplicationStopping.IsCancellationRequested ? Task.CompletedTask : Refresh(always: true));
                }

                if (next is not null)
                {
                    yield return next;

                    // Changes that follow each other closely would let the watch end.
                    await Refresh();
                }
            }
        }
        finally
        {
            _listeners!.Remove(channel);
        }
    }

    public Task Changed(AccountView view)
    {
        Take(view);
        return Task.CompletedTask;
    }

    public Task Forget()
    {
        (_view, _position, _watchedAt) = (null, 0, default);
        return Task.CompletedTask;
    }

    private void Take(AccountView view)
    {
        var changed = _view?.Version != view.Version;

        // Answers never go back: what is older than what was said is passed over.
        if (_view is { } old && (view.Version < old.Version || view.Position < _position))
        {
            return;
        }

        (_position, _asOfMs) = (view.Position, view.AsOfMs);

        // Nothing new: a grain that lives long keeps what it has, for the collector looks through all that was put into old objects.
        if (changed || _view is not { MeterIds: not null })
        {
            _view = Named(view);
        }

        if (changed)
        {
            _listeners?.ForEach(l => l.Writer.TryWrite(_view!));
        }
    }

    private AccountView? Known() => _view is null || _view.Position == _position ? _view : _view with { Position = _position, AsOfMs = _asOfMs };

    /// <summary>With its meters' ids, if all are known: partitions know numbers.</summary>
    private AccountView Named(AccountView view)
    {
        var ids = new string[view.Meters.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            if (IdOf(view.Meters[i].Number) is not { } id)
            {
                return view;
            }

            ids[i] = id;
        }

        return view with { MeterIds = ids };
    }

    private async Task Refresh(bool always = false)
    {
        if (!always && _view is not null && time.GetUtcNow() - _watchedAt < Leases.Renew)
        {
            return;
        }

        if (await Address() is not { } address)
        {
            return;
        }

        var view = await GrainFactory.Partition(address.Partition).Watch(address.Number, address.Id);
        _watchedAt = time.GetUtcNow();
        if (view is not null)
        {
            await LearnMeters(view);
            Take(view);
        }
    }

    /// <summary>A meter that came since the account was looked up, or whose installation the tables do not show yet.</summary>
    private async Task LearnMeters(AccountView view)
    {
        foreach (var meter in view.Meters)
        {
            if (IdOf(meter.Number) is null && await directory.MeterIdAsync(meter.Number) is { } id)
            {
                _meters = [.. _meters, (meter.Number, id)];
            }
        }
    }

    private async Task<AccountAddress?> Address()
    {
        if (_address is null)
        {
            (_address, _meters) = await directory.FindAccountWithMetersAsync(this.GetPrimaryKeyString());
        }

        return _address;
    }

    private string? IdOf(int meter) => Array.Find(_meters, m => m.Number == meter).Id;
}
