using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>
/// A meter that measures export on a tariff that follows a price series and pays for export by rate, alone or in turn with net metering within a month: the
/// same readings and the same prices give the same money, in whatever order, batches and publications they come, with registers that are silent for days,
/// wrong prices first, crashes, another meter beside, and an account's end of which readings and prices come late. What is charged is what the audit works
/// out with its own code, and each period is the sum of its days.
/// </summary>
public sealed class ExportDynamicOrderTests
{
    private const string First = "2026-03-10";
    private const int Days = 26;
    private static readonly long StartMs = Given.At($"{First}T00:00+01:00");
    private static readonly long EndMs = Given.At("2026-04-20T12:00+02:00");

    [Fact]
    public void Readings_and_prices_in_any_order_give_the_same_money()
    {
        var reratings = 0;
        for (var seed = 0; seed < PropertyRuns.Of(160); seed++)
        {
            var life = LifeOf(seed);
            var series = new PriceBook().Add(DynamicGrid.SeriesOf(life.Resolution));
            var (prices, readings) = (PriceHistories.Of(series, Given.Day(First), Days, new Random(seed)), ReadingsOf(new Random(seed)));
            var known = Run(life, new Random(seed), prices, readings, isShuffled: false, crashes: false);
            var shuffled = Run(life, new Random(seed + 1), prices, readings, isShuffled: true, crashes: false);
            var replayed = Run(life, new Random(seed + 1), prices, readings, isShuffled: true, crashes: true);
            Assert.True(Text(known) == Text(shuffled), $"Seed {seed}:\n{Text(known)}\n\n{Text(shuffled)}");
            Assert.True(shuffled[0].StateText() == replayed[0].StateText(), $"Seed {seed}: the replay has another state.");
            Assert.Equal(shuffled[0].Entries, replayed[0].Entries);
            CheckBooks(known, life, seed);
            CheckBooks(shuffled, life, seed);
            reratings += shuffled[0].Entries.Count(e => e.Reference?.StartsWith("prices:", StringComparison.Ordinal) == true);
        }

        Assert.True(reratings > 100, $"Only {reratings} days were charged again.");
    }

    private static void CheckBooks(FoldHarness grid, Life life, int seed)
    {
        var account = grid.Account(1);
        Assert.Equal(account.LedgerBalance, grid[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
        Assert.Equal(account.Balance, account.LedgerBalance);
        Assert.All(account.Periods, p => Assert.Equal(p.Live, p.Closed));
        var stored = StateCodec.Encode(account);
        Assert.Equal(stored, StateCodec.Encode(StateCodec.DecodeAccount(stored, grid.Tariff)));

        // What the explanation asks: each period is the sum of its days.
        var rows = Rows(grid).ToList();
        Assert.All(account.Periods, p =>
        {
            var tariff = grid.Tariff(p.Tariff);
            var days = rows.Where(d => d.Tariff == p.Tariff && tariff.PeriodStartOf(d.Key.Day) == p.StartDay).ToList();
            var (exported, imported) = (days.Where(d => d.Key.Register == RegisterKind.Export), days.Where(d => d.Key.Register != RegisterKind.Export));
            Assert.Equal((p.Live.Energy.Wh, p.Live.Base.Nano), (imported.Sum(d => d.Energy.Wh), imported.Sum(d => (long)d.Base.Nano)));
            var byRate = new long[tariff.RateCount];
            foreach (var (day, i, wh) in exported.SelectMany(d => d.RateWh.Select((wh, i) => (d.Key.Day, i, wh))))
            {
                byRate[tariff.RateIndexOf(day, i)] += wh;
            }

            Assert.Equal(p.Live.ByRate?.ExportedWh ?? new long[tariff.RateCount], byRate);
        });
        var (charge, differences) = Audited(grid, life);
        Assert.True(differences.Count == 0, $"Seed {seed}: {string.Join('\n', differences)}");
        Assert.Equal(charge, (decimal)account.Charged.Nano / Money.NanoPerUnit);
    }

    /// <summary>What the audit makes of the same points and publications with code of its own, each day through what its row says.</summary>
    private static (decimal Charge, List<string> Differences) Audited(FoldHarness grid, Life life)
    {
        var (account, series) = (grid.Account(1), grid.Book.All[0]);
        var prices = PriceHistories.AuditPricesOf(series, Given.Day(First), Days);
        var audited = life.Tariffs.Select((t, i) => new AuditTariff(i + 1, t, series: t.Dynamic is null ? null : prices)).ToDictionary(t => t.Number);
        List<string> differences = [];
        var closed = Rows(grid).ToList();
        var books = AuditPricedDays.BooksOf(account, closed, audited, differences);
        differences.AddRange(AuditDays.Differences(account, closed, audited));
        foreach (var line in account.Lines)
        {
            var days = closed.Where(d => d.Key.Meter == line.Number && d.Key.Register == line.Register && d.Points.Count > 0).ToList();
            List<Point> points = [days.Count == 0 ? line.Tail : days[0].Before, .. days.SelectMany(d => d.Points.Unpack(d.Before)), .. line.Open.ToList()];
            books.Add(line.Rating, AuditLine.Of(line.Rating, points), line.Register, line.IsNetted);
        }

        return (books.Charge(), differences);
    }

    /// <summary>Hours and quarters of an hour; the series all the time, before net metering or after it.</summary>
    private static Life LifeOf(int seed)
    {
        var resolution = seed % 2 == 0 ? 60 : 15;
        var timed = Given.Flat("0.1", "Europe/Berlin") with
        {
            Id = "timed",
            Currency = "EUR",
            Rates = [new("day", "0.31"), new("night", "0.17")],
            Schedule = [new RateRule { Rate = "night", From = "22:00", To = "06:00" }],
            Export = Given.Net(seed % 3 == 0 ? "rate" : "value", 3, "0.03"),
        };
        var feedIn = new FeedInDefinition
        {
            PricePerKwh = "0.0812",
            Prices = new Dictionary<string, string> { ["night"] = "0.117" },
            Taxes = [new ExportTaxDefinition { Name = "VAT", BasisPoints = 1_907 }],
        };
        var dynamic = DynamicGrid.Tariff(resolution, "1.03", "0.021", "-0.4", "0.9") with
        {
            Rates = timed.Rates,
            Schedule = timed.Schedule,
            LevyPerKwh = seed % 5 == 0 ? "0.02" : "0",
            TaxBasisPoints = 1_900,
            Tiers = seed % 4 == 1 ? Given.Tiers() : null,
            Export = new ExportDefinition { FeedIn = feedIn },
        };
        return new((seed / 2 % 3) switch
        {
            0 => [dynamic],
            1 => [dynamic, timed],
            _ => [timed, dynamic],
        }, resolution, EndsAccount: seed % 5 == 2, HasOther: seed % 3 == 1);
    }

    /// <summary>From 10 March to 3 April, over the change of the clock; each register comes at times of its own and is silent for days now and then.</summary>
    private static Reading[] ReadingsOf(Random random)
    {
        var readings = new List<Reading>();
        foreach (var (meter, register, most) in new[] { (7, RegisterKind.Import, 3_000), (7, RegisterKind.Export, 2_000), (8, RegisterKind.Import, 400) })
        {
            var (ms, wh) = (StartMs, 0L);
            while (ms < StartMs + ((Days - 2) * Instants.MsPerDay))
            {
                ms += random.Next(40) == 0 ? random.Next(1, 150) * Instants.MsPerHour
                    : random.Next(12) == 0 ? random.Next(1, 48) * Instants.MsPerHour : random.Next(3) == 0 ? 15 * 60_000L : Instants.MsPerHour;
                wh += random.Next(3) == 0 && register == RegisterKind.Export ? 0 : random.Next(most);
                readings.Add(new Reading(meter, register, ms, wh, 0, 0));
            }
        }

        return [.. readings.OrderBy(r => r.TimeMs)];
    }

    /// <param name="isShuffled">
    /// Readings come late, twice and in batches; prices in publications of any size and order, many after their energy was charged, some wrong at first; else
    /// all prices come first and once.
    /// </param>
    private static FoldHarness Run(Life life, Random random, List<PublishedPrice> prices, Reading[] all, bool isShuffled, bool crashes)
    {
        var grid = new FoldHarness(1, [.. life.Tariffs]);
        var series = grid.Book.Add(DynamicGrid.SeriesOf(life.Resolution));
        grid.Execute(0, Given.Open(1, First), StartMs);
        Assert.Null(grid.Execute(0, new InstallMeter(7, 1, new MeterRating(0, 0, 0), StartMs, 0, null, 0), StartMs).Refusal);
        if (life.HasOther)
        {
            grid.Execute(0, new InstallMeter(8, 1, new MeterRating(0, 0, 0), StartMs, 0), StartMs);
        }

        if (life.Tariffs.Count > 1)
        {
            Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-21")), StartMs).Refusal);
        }

        Reading[] readings = [.. all.Where(r => r.Meter == 7 || life.HasOther)];
        var publications = isShuffled ? PriceHistories.Publications(prices, random) : [prices];
        var arrivals = isShuffled ? PriceHistories.Arrivals(readings, random, 180) : [.. readings];
        var (next, ended) = (0, false);
        for (var i = 0; i < arrivals.Count;)
        {
            // All of the one list come before the first reading, many of the others behind the last.
            for (; next < publications.Count && (!isShuffled || next * arrivals.Count < i * (long)publications.Count * 8 / 10); next++)
            {
                grid.Publish(series, arrivals[i].TimeMs, publications[next], isSent: !isShuffled || random.Next(5) > 0);
            }

            var batch = isShuffled ? Math.Min(arrivals.Count - i, random.Next(1, 6)) : 1;
            // None is of the future when it comes, as ingest sees to.
            grid[0].AppendBatch(ended ? EndMs : arrivals.GetRange(i, batch).Max(r => r.TimeMs), arrivals.GetRange(i, batch).ToArray());
            i += batch;
            if (random.Next(25) == 0)
            {
                PriceHistories.Check(grid, ended ? EndMs : arrivals[i - 1].TimeMs + Instants.MsPerHour, crashes);
            }

            if (life.EndsAccount && !ended && i >= arrivals.Count * 9 / 10)
            {
                ended = true;
                End(grid, readings);
            }
        }

        for (; next < publications.Count; next++)
        {
            grid.Publish(series, EndMs, publications[next]);
            PriceHistories.Check(grid, EndMs, crashes && random.Next(2) == 0);
        }

        grid.Send(publications.Count, Given.Day(First), EndMs);
        PriceHistories.Check(grid, EndMs + Instants.MsPerDay, crashes);
        PriceHistories.Check(grid, EndMs + (2 * Instants.MsPerDay), false);
        return grid;
    }

    /// <summary>The account's meters leave with their last values, and it is closed, before all readings and prices are there.</summary>
    private static void End(FoldHarness grid, Reading[] readings)
    {
        long LastOf(int meter, RegisterKind register) => readings.Where(r => r.Meter == meter && r.Register == register).Max(r => r.ValueWh);
        var endMs = readings.Max(r => r.TimeMs) + Instants.MsPerHour;
        grid.Settle();
        foreach (var meter in grid.Account(1).Meters.ToList())
        {
            Assert.Null(grid.Execute(0, new ReleaseMeter(meter.Number, 0, 0, endMs, LastOf(meter.Number, RegisterKind.Import), null, null,
                meter.Export is null ? null : LastOf(meter.Number, RegisterKind.Export)), endMs).Refusal?.Detail);
        }

        Assert.Null(grid.Execute(0, new CloseAccount(1, grid.Account(1).Calendar.DayOf(endMs), "moved"), endMs).Refusal?.Detail);
    }

    private static IEnumerable<DayRow> Rows(FoldHarness grid) => new[] { 7, 8 }.SelectMany(m => grid[0].AllDays(m));

    private static string Text(FoldHarness grid)
    {
        var account = grid.Account(1);
        return $"{account.Balance} {account.LedgerBalance} {account.PricedThrough}\n"
            + string.Join('\n', account.Periods.Where(p => p.Live != default)
                .Select(p => $"{p.StartDay} {p.Tariff} {p.Live.Energy} {p.Live.Base} {string.Join(',', p.Live.ByRate?.ExportedWh ?? [])} "
                    + $"{string.Join(',', p.Live.ByRate?.ImportedWh ?? [])} {p.Charge} {p.Booked}"))
            + '\n' + string.Join('\n', Rows(grid).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0)
                .Select(d => $"{d.Key.Meter} {d.Key.Register} {d.Key.Day} {string.Join(',', d.RateWh)} {d.Base} {d.HeldWh}"));
    }

    /// <param name="Tariffs">One all the time, or two in turn.</param>
    /// <param name="Resolution">Minutes of the series' intervals.</param>
    /// <param name="EndsAccount">Whether the account ends before all is known.</param>
    /// <param name="HasOther">Whether a meter without export is beside.</param>
    private sealed record Life(IReadOnlyList<TariffDefinition> Tariffs, int Resolution, bool EndsAccount, bool HasOther);
}
