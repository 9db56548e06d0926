using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.State;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// The channels through which people pay in a year: a bank, a wallet, a counter, and agents who sell out of floats, one in each market. They keep books of
/// their own, which must equal the grid's to the last unit. A silo dies now and then between a payment and its answer, and the channel sends it again.
/// </summary>
internal sealed class YearChannels
{
    public const string Agents = "agents";

    private const int CommissionPpm = 10_000;
    private const int ManySales = 5_000;
    private const double DeathShare = 1.0 / 300;
    private const double ResendShare = 0.1;
    private const double ShortShare = 1.0 / 25;

    private static readonly string[] Direct = ["bank", "wallet", "counter"];

    private readonly YearGrid _grid;
    private readonly YearClock _clock;
    private readonly Random _random;
    private readonly Dictionary<string, Float> _floats = [];
    private readonly List<YearSale> _pending = [];
    private readonly List<YearSale> _sales = [];
    private int _made;
    private int _deaths;

    private YearChannels(YearGrid grid, YearClock clock, int seed) => (_grid, _clock, _random) = (grid, clock, new Random(YearRun.Mix(seed, 77)));

    /// <summary>Opens a float in each market.</summary>
    public static async Task<YearChannels> OpenAsync(YearGrid grid, YearClock clock, int seed)
    {
        var channels = new YearChannels(grid, clock, seed);
        await channels.OpenFloatsAsync();
        return channels;
    }

    /// <summary>A person pays. The payment's position is known after <see cref="SettleAsync"/>.</summary>
    public async Task PayAsync(YearPerson person, long nano)
    {
        var channel = _random.Next(Direct.Length + 1) is var drawn && drawn < Direct.Length ? Direct[drawn] : Agents;
        var txn = $"{channel}-{++_made}";
        if (channel == Agents)
        {
            await SellAsync(person, nano, txn);
            return;
        }

        var sale = new YearSale(txn, channel, person, nano);
        var append = Encode(person.Partition, new TakePayment(person.Number, new(nano), channel, txn), $"pay:{txn}");
        sale.Position = (await TwiceAsync(append, person.Partition)).FirstPosition;
        _sales.Add(sale);
        _pending.Add(sale);
    }

    /// <summary>Ends what was begun; the payments that are booked now, in the order of each account's log.</summary>
    public async Task<IReadOnlyList<YearSale>> SettleAsync()
    {
        await _grid.SettleAsync(sweeps: false);
        foreach (var sale in _pending.Where(s => s.Received is not null))
        {
            // The fold has sent it, or this does: it is the same record under the same key.
            sale.Position = (await _grid.Log.AppendAsync(sale.Received!.Value)).FirstPosition;
        }

        var settled = _pending.OrderBy(s => s.Position).ToList();
        _pending.Clear();
        await _grid.SettleAsync(sweeps: false);
        return settled;
    }

    /// <summary>The payment at a position of an account's log was taken back.</summary>
    public void Reversed(YearPerson person, long position) => _sales.Single(s => s.Person == person && s.Position == position).IsReversed = true;

    /// <summary>What the channels' books and the grid's disagree about. A year of many payments must also have had what this is for.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync()
    {
        var (sold, refused) = (_sales.Count(s => s.Channel == Agents && !s.IsRefused), _sales.Count(s => s.IsRefused));
        Console.WriteLine(
            $"payments through channels {_sales.Count:N0}, sold by agents {sold:N0}, refused by floats {refused:N0}, "
                + $"silos that died before the answer {_deaths:N0}");
        var wrong = new List<string>();
        if (_sales.Count > ManySales && (sold == 0 || refused == 0 || _deaths == 0))
        {
            wrong.Add("nothing was seen of sales by agents, of sales refused, or of silos that died");
        }

        var booked = new Dictionary<(int Account, string Txn), (long Count, decimal Nano)>();
        await using (var command = _grid.Database.CreateCommand(
            "select account, reference, count(*), sum(amount_nano)::numeric from entry where kind = 'payment' group by 1, 2"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                booked[(reader.GetInt32(0), reader.IsDBNull(1) ? "" : reader.GetString(1))] = (reader.GetInt64(2), reader.GetDecimal(3));
            }
        }

        foreach (var sale in _sales)
        {
            booked.Remove((sale.Person.Number, sale.Txn), out var entry);
            if (entry != (sale.IsRefused ? default : (1, sale.Nano)))
            {
                var own = sale.IsRefused ? "refused" : $"{sale.Nano} nano";
                wrong.Add($"{sale.Txn} of account {sale.Person.Number}: {own}, booked {entry.Count} times with {entry.Nano}");
            }
        }

        wrong.AddRange(booked.Select(b => $"{b.Key.Txn} of account {b.Key.Account}: booked, and no channel knows it"));
        foreach (var (market, f) in _floats)
        {
            var kept = _sales.Where(s => s is { Channel: Agents, IsRefused: false, IsReversed: false } && s.Person.Market.Tariff == market).ToList();
            var own = f.DepositedNano - kept.Sum(s => s.Nano - s.CommissionNano);
            var ledger = await _grid.LongAsync($"select coalesce(sum(amount_nano), 0)::bigint from entry where account = {f.Number}");
            var balance = _grid.StateOf(f.Partition).PeekAccount(f.Number)!.Balance.Nano;
            if (own != ledger || own != balance)
            {
                wrong.Add($"float of {market}: {own} by its agent's books, {ledger} in the ledger, {balance} in the account");
            }
        }

        return [.. wrong.Select(w => $"channels: {w}")];
    }

    private async Task OpenFloatsAsync()
    {
        foreach (var market in YearMarket.All.DistinctBy(m => m.Tariff))
        {
            var partition = _floats.Count % _grid.Partitions;
            var number = (int)await _grid.LongAsync(
                $"insert into account (id, partition) values ('float/{market.Tariff}', {partition}) returning number::bigint");
            var tariff = (await _grid.Tariffs.FindAsync(market.Tariff, null))!;
            _floats[market.Tariff] = new Float(number, partition, market.UnitNano);
            var day = tariff.Calendar.DayOf(_clock.NowMs);
            await AppendAsync(
                partition, new OpenAccount(number, $"float/{market.Tariff}", tariff.Number, PaymentMode.Prepaid, day, 0, false, [], AccountKind.Float), null);
            await AppendAsync(partition, new SetFloatTerms(number, Money.Zero, CommissionPpm), null);
        }
    }

    private async Task SellAsync(YearPerson person, long nano, string txn)
    {
        var f = _floats[person.Market.Tariff];
        if (_random.NextDouble() < ShortShare)
        {
            // More than was ever deposited: the agent finds its float short, and sells under another id.
            var tooMuch = new YearSale($"{txn}-short", Agents, person, f.DepositedNano + nano) { IsRefused = true };
            _sales.Add(tooMuch);
            await TransferAsync(f, tooMuch);
        }

        if (nano > f.LeastNano)
        {
            var deposit = nano * 20;
            await AppendAsync(f.Partition, new MoveInternal(f.Number, new(deposit), $"deposit {txn}"), $"deposit:{txn}");
            f.DepositedNano += deposit;
            f.LeastNano += deposit;
        }

        // Half a unit and more is a whole one.
        var commission = (long)decimal.Round((decimal)nano * CommissionPpm / 1_000_000 / f.UnitNano, 0, MidpointRounding.AwayFromZero) * f.UnitNano;
        f.LeastNano -= nano - commission;
        var transfer = Transfer(f, person, nano, txn);
        var received = ReceiveTransfer.Of(transfer, AccountKind.Float, f.Partition, new(commission));
        var sale = new YearSale(txn, Agents, person, nano)
        {
            CommissionNano = commission,
            Received = new LogAppend(person.Partition, 1, LogRecords.Encode(_clock.NowMs, received), new LogKey(transfer.Key, received.Hash())),
        };
        _sales.Add(sale);
        _pending.Add(sale);
        await TransferAsync(f, sale);
    }

    private Task TransferAsync(Float f, YearSale sale) =>
        TwiceAsync(Encode(f.Partition, Transfer(f, sale.Person, sale.Nano, sale.Txn), $"transfer-out:{sale.Txn}"), f.Partition);

    private static TransferMoney Transfer(Float f, YearPerson person, long nano, string txn) =>
        new(f.Number, new(nano), person.Market.Currency, person.Number, person.Partition, Agents, txn, null, $"transfer-in:{txn}");

    /// <summary>Appends; now and then the silo dies before it answers, or the channel only believes so, and it is sent again.</summary>
    private async Task<AppendResult> TwiceAsync(LogAppend append, int partition)
    {
        var result = await _grid.Log.AppendAsync(append);
        var isDeath = _random.NextDouble() < DeathShare;
        if (isDeath)
        {
            _deaths++;
            await _grid.KillAsync(partition, leavesTwin: false);
        }

        return isDeath || _random.NextDouble() < ResendShare ? await _grid.Log.AppendAsync(append) : result;
    }

    private Task<AppendResult> AppendAsync(int partition, AccountCommand command, string? key) => _grid.Log.AppendAsync(Encode(partition, command, key));

    private LogAppend Encode(int partition, AccountCommand command, string? key) =>
        new(partition, 1, LogRecords.Encode(_clock.NowMs, command), key is null ? null : new LogKey(key, System.Text.Encoding.UTF8.GetBytes(key)));

    /// <summary>An agent's own record of its float.</summary>
    private sealed class Float(int number, int partition, long unitNano)
    {
        public int Number => number;

        public int Partition => partition;

        public long UnitNano => unitNano;

        public long DepositedNano { get; set; }

        /// <summary>What is surely there, without what reversed sales have given back.</summary>
        public long LeastNano { get; set; }
    }
}
