using AccountGrid.Domain.Events;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Figures;

/// <summary>What one transaction counts of a partition.</summary>
/// <param name="start">Where it begins.</param>
/// <param name="isAgain">The rows were counted before: areas and days' ends are those of then.</param>
internal sealed class FigureRound(FigureStore store, LocalCalendar calendar, FigurePosition start, bool isAgain)
{
    private readonly FigureSums _sums = new();
    private readonly HashSet<int> _changed = [];
    private readonly List<(int Account, long Position, string Area)> _areas = [];
    private readonly List<(long Position, int Day)> _closes = [];
    private Dictionary<int, FigureAccount> _accounts = [];
    private bool _hasAll;
    private readonly FigurePosition _start = start;
    private FigurePosition _position = start;

    public bool HasWork => _position != _start;

    public async Task CountAsync(IReadOnlyList<FigureSource> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var numbers = rows.Select(r => r.Account).ToHashSet();
        _accounts = await store.AccountsAsync(numbers);
        var currencies = await store.CurrenciesAsync();
        var channels = await store.ChannelsAsync([.. rows.Select(r => r.Event).OfType<PaymentReversed>().Select(e => e.PaymentPosition)]);
        var recorded = isAgain ? await store.RecordedAreasAsync(numbers) : null;
        var areas = isAgain ? [] : await store.AreasAsync(numbers);
        var closes = new Queue<(long Position, int Day)>(await store.RecordedClosesAsync(_start.Position, rows[^1].Position));
        foreach (var row in rows)
        {
            while (closes.TryPeek(out var close) && close.Position < row.Position)
            {
                await CloseThroughAsync(closes.Dequeue().Day);
            }

            var day = Math.Max(calendar.DayOf(row.AtMs), _position.ClosedDay + 1 ?? 0);
            _position = _position with { ClosedDay = _position.ClosedDay ?? day - 1 };
            await CloseThroughAsync(day - 1);
            if (!_accounts.TryGetValue(row.Account, out var account))
            {
                _accounts.Add(row.Account, account = new FigureAccount { Number = row.Account });
            }

            _changed.Add(row.Account);
            Place(account, row.Position, recorded, areas);
            if (row.Event is { } happened)
            {
                var channel = happened is PaymentReversed reversed ? channels.GetValueOrDefault(reversed.PaymentPosition, "") : "";
                FigureFold.Happen(account, happened, row.Position, row.AtMs, day, channel, t => currencies.GetValueOrDefault(t, ""), _sums);
            }
            else
            {
                FigureFold.Enter(account, row.Kind, row.Amount, row.Balance, day, _sums);
            }
        }

        _position = _position with { Position = rows[^1].Position };
    }

    /// <summary>Ends the days that are over, where nothing is left to count.</summary>
    public async Task EndAsync(int ended)
    {
        if (_position.ClosedDay is not { } closed || closed >= ended)
        {
            return;
        }

        if (!isAgain)
        {
            _closes.Add((_position.Position, ended));
        }

        await CloseThroughAsync(ended);
    }

    public async Task SaveAsync()
    {
        _position = _position with { Recorded = Math.Max(_position.Recorded, _position.Position) };
        await store.SaveAsync(_position, [.. _changed.Select(n => _accounts[n])], _sums);
        if (_areas.Count + _closes.Count > 0)
        {
            await store.RecordAsync(_areas, _closes);
        }
    }

    private void Place(FigureAccount account, long position, ILookup<int, (long Position, string Area)>? recorded, Dictionary<int, string> areas)
    {
        if (recorded is not null)
        {
            foreach (var (_, area) in recorded[account.Number].Where(a => a.Position <= position))
            {
                account.Area = area;
            }
        }
        else if (areas.GetValueOrDefault(account.Number, "") is var now && now != account.Area)
        {
            account.Area = now;
            _areas.Add((account.Number, position, now));
        }
    }

    private async Task CloseThroughAsync(int day)
    {
        if (_position.ClosedDay is not { } closed || closed >= day)
        {
            return;
        }

        if (!_hasAll)
        {
            foreach (var (number, account) in await store.AccountsAsync(null))
            {
                _accounts.TryAdd(number, account);
            }

            _hasAll = true;
        }

        for (var next = closed + 1; next <= day; next++)
        {
            foreach (var account in _accounts.Values.Where(a => FigureFold.Close(a, next, _sums)))
            {
                _changed.Add(account.Number);
            }
        }

        _position = _position with { ClosedDay = day };
    }
}
