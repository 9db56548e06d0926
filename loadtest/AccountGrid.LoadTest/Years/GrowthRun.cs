using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Notices;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// What the database grows by from day to day once days close: the grid's own log, fold, flushes, checks and trims, on days that pass as fast as they can be
/// worked through. The database dates the log's rows by the same clock. They are kept no longer than open days may need them. Vacuum runs every six hours of
/// the clock, for the one that a server runs by itself and here would have seconds for.
/// </summary>
internal sealed class GrowthRun : IMessageChannel
{
    private const int Partitions = 64;

    /// <summary>Appends that a round comes in, as gateways do not report at one moment: a row of the log holds a few readings.</summary>
    private const int CommitsPerRound = 4;

    private const int FlushHours = 2;
    private const int VacuumHours = 6;
    private const int NoonHour = 12;

    /// <summary>Midnight in the tariff's zone, on the first of a month.</summary>
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly GrowthOptions _options;
    private readonly YearClock _clock = new(Start);
    private readonly MeterFleet _fleet;
    private readonly LineBuffer _lines = new();
    private readonly int[] _energy;
    private readonly List<Reading>[] _byPartition = [.. Enumerable.Range(0, Partitions).Select(_ => new List<Reading>())];
    private YearGrid _grid = null!;
    private long _readings;

    public GrowthRun(GrowthOptions options)
    {
        _options = options;
        _fleet = new MeterFleet(
            new FleetOptions(0, options.Meters, options.IntervalSeconds * 1000, Start.ToUnixTimeMilliseconds(), 1, "G", LoadTariff.TimeOfUse,
                LoadCurve.Standard));
        _energy = new int[_fleet.Options.PerGateway];
    }

    public string Name => "none";

    public bool IsOn => false;

    public static async Task<int> RunAsync(GrowthOptions options, CancellationToken cancel)
    {
        var result = await new GrowthRun(options).LiveAsync(Console.WriteLine, cancel);
        var meters = options.Meters;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"From noon of day 3 on, bytes a meter and day: {result.PerMeterAndDay(s => s.All, meters):N0} in all; day rows "
                + $"{result.PerMeterAndDay(s => s.DayRows, meters):N0}, entries {result.PerMeterAndDay(s => s.Entries, meters):N0}, log "
                + $"{result.PerMeterAndDay(s => s.Log, meters):N0}, states {result.PerMeterAndDay(s => s.States, meters):N0}."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.DayRows:N0} day rows; balances wrong: {result.Wrong:N0} of {meters:N0}"));
        return result.Wrong == 0 ? 0 : 1;
    }

    public Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel) =>
        throw new InvalidOperationException($"Nobody here has a level or a policy, but there is a message {message.Id}.");

    public async Task<GrowthResult> LiveAsync(Action<string> say, CancellationToken cancel)
    {
        say(
            string.Create(CultureInfo.InvariantCulture,
                $"{_options.Meters:N0} meters, a reading each {_options.IntervalSeconds} s, {_options.Days} days and a half; MB at each noon, CPU of the "
                    + $"day before it:"));
        _grid = await YearGrid.StartAsync(_options.Data, Partitions, _clock, this, [_fleet.Options.Tariff.Definition()]);
        await using (_grid)
        {
            await MoveInAsync();
            var noons = new List<GrowthSample>();
            var hours = (_options.Days * 24) + NoonHour;
            var (own, database, readings) = (0.0, 0.0, 0L);
            for (var hour = 0; hour < hours; hour++)
            {
                await LiveHourAsync(hour, cancel);
                if ((hour + 1) % 24 != NoonHour)
                {
                    continue;
                }

                var sample = await SampleAsync((hour + 1) / 24);
                var (ownNow, databaseNow) = (ProcessUsage.Of(Environment.ProcessId).CpuSeconds, _grid.DatabaseUsage.CpuSeconds);
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  day {sample.Day,2}: log {Mb(sample.Log)} ({sample.Records:N0} records), day rows {Mb(sample.DayRows)}, entries "
                        + $"{Mb(sample.Entries)}, states {Mb(sample.States)} ({sample.Pages / _options.Meters:N0} bytes a meter in a flush), all "
                        + $"{Mb(sample.All)}; a reading {(ownNow - own) * 1e6 / (_readings - readings):0.00} µs of this process and "
                        + $"{(databaseNow - database) * 1e6 / (_readings - readings):0.00} µs of the database"));
                (own, database, readings) = (ownNow, databaseNow, _readings);
                noons.Add(sample);
            }

            // The first noon has no whole day behind it.
            return new GrowthResult(noons[1..], Wrong(), await _grid.LongAsync("select count(*) from meter_day"));
        }
    }

    private static string Mb(long bytes) => (bytes / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);

    private async Task MoveInAsync()
    {
        await _grid.ExecuteAsync("""
            create table growth_clock (at timestamptz not null);
            create function growth_now() returns timestamptz language sql stable as 'select at from growth_clock';
            alter table log_batch alter column created_at set default growth_now();
            """);
        await SetDatabaseClockAsync(Start);
        await _grid.RegisterAsync(_options.Meters);
        var tariff = (await _grid.Tariffs.FindAsync(_fleet.Options.Tariff.Id, null))!;
        foreach (var numbers in Enumerable.Range(1, _options.Meters).Chunk(500))
        {
            await _grid.Log.AppendAsync([.. numbers.SelectMany(n => new GridCommand[]
            {
                new OpenAccount(n, YearGrid.AccountId(n), tariff.Number, PaymentMode.Prepaid, tariff.Calendar.DayOf(_clock.NowMs), 0, false, []),
                new InstallMeter(n, n, new MeterRating(0, 0, _fleet.Options.IntervalMs), _clock.NowMs, MeterFleet.StartWh),
            }.Select(c => new LogAppend(n % Partitions, 1, LogRecords.Encode(_clock.NowMs, c))))]);
        }

        await _grid.SettleAsync();
    }

    private Task SetDatabaseClockAsync(DateTimeOffset at) =>
        _grid.ExecuteAsync($"delete from growth_clock; insert into growth_clock values (to_timestamp({at.ToUnixTimeSeconds()}))");

    private async Task LiveHourAsync(int hour, CancellationToken cancel)
    {
        await SetDatabaseClockAsync(Start.AddHours(hour + 1));
        var rounds = 3600 / _options.IntervalSeconds;
        for (var round = hour * rounds; round < (hour + 1) * rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            _clock.MoveTo(_fleet.TimeOf(round));
            for (var commit = 0; commit < CommitsPerRound; commit++)
            {
                await AppendAsync(round, commit);
            }
        }

        await _grid.SettleAsync();
        if ((hour + 1) % FlushHours == 0)
        {
            for (var p = 0; p < Partitions; p++)
            {
                await _grid.FlushStatesAsync(p);
            }
        }

        if ((hour + 1) % VacuumHours == 0)
        {
            await _grid.ExecuteAsync("vacuum log_batch, account_page");
        }
    }

    /// <summary>The part of a round that comes in one commit: every fourth gateway's meters, one row for each partition among them.</summary>
    private async Task AppendAsync(int round, int commit)
    {
        for (var gateway = commit; gateway < _fleet.Gateways; gateway += CommitsPerRound)
        {
            var (from, to) = _fleet.MetersOf(gateway);
            var energy = _energy.AsSpan(0, to - from);
            _lines.Clear();
            _fleet.Generate(gateway, round, 0, _lines, energy);
            _fleet.Accept(gateway, round, energy);
            for (var meter = from; meter < to; meter++)
            {
                _byPartition[(meter + 1) % Partitions]
                    .Add(new Reading(meter + 1, RegisterKind.Import, _fleet.TimeOf(round), _fleet.RegisterOf(meter), ReadingQuality.None, 0));
            }
        }

        var appends = new List<LogAppend>(Partitions);
        for (var p = 0; p < Partitions; p++)
        {
            if (_byPartition[p] is { Count: > 0 } readings)
            {
                appends.Add(new LogAppend(p, readings.Count, LogRecords.Encode(_clock.NowMs, [.. readings])));
                _readings += readings.Count;
                readings.Clear();
            }
        }

        await _grid.Log.AppendAsync(appends);
    }

    private async Task<GrowthSample> SampleAsync(int day)
    {
        async Task<long> SizeAsync(string tables) =>
            await _grid.LongAsync(
                "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
                    + $"and relname in ({tables})");
        return new GrowthSample(
            day,
            await SizeAsync("'log_batch', 'log_head', 'log_reader', 'log_key'"),
            await SizeAsync("'meter_day'"),
            await SizeAsync("'entry'"),
            await SizeAsync("'account_page'"),
            await _grid.LongAsync("select pg_database_size(current_database())"),
            await _grid.LongAsync("select coalesce(sum(record_count), 0)::bigint from log_batch"),
            await _grid.LongAsync("select coalesce(sum(octet_length(states)), 0)::bigint from account_page"));
    }

    private int Wrong() => Enumerable.Range(0, _options.Meters).Count(meter =>
    {
        var account = _grid.StateOf((meter + 1) % Partitions).PeekAccount(meter + 1);
        return account?.Balance.Nano != -(long)(_fleet.Charge(meter) * 1_000_000_000m);
    });
}
