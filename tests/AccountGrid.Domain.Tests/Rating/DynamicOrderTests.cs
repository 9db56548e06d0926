using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>
/// The same readings and the same prices give the same money, whatever order both come in, how they are divided into publications, how often they come, and
/// what stood in for a price before it came or was corrected; live and replayed.
/// </summary>
public sealed class DynamicOrderTests
{
    private const string First = "2026-03-10";
    private const int Days = 26;
    private static readonly long StartMs = Given.At($"{First}T00:00+01:00");
    private static readonly long EndMs = Given.At("2026-04-20T12:00+02:00");

    [Fact]
    public void Readings_and_prices_in_any_order_give_the_same_money()
    {
        var reratings = 0;
        for (var seed = 0; seed < PropertyRuns.Of(120); seed++)
        {
            var tariff = TariffOf(seed);
            var series = new PriceBook().Add(DynamicGrid.SeriesOf(tariff.Dynamic!.ResolutionMinutes));
            var (prices, readings) = (PriceHistories.Of(series, Given.Day(First), Days, new Random(seed)), ReadingsOf(new Random(seed)));
            var known = Run(tariff, new Random(seed), prices, readings, isShuffled: false, crashes: false);
            var shuffled = Run(tariff, new Random(seed + 1), prices, readings, isShuffled: true, crashes: false);
            var replayed = Run(tariff, new Random(seed + 1), prices, readings, isShuffled: true, crashes: true);
            Assert.True(Text(known) == Text(shuffled), $"Seed {seed}:\n{Text(known)}\n{Text(shuffled)}");
            Assert.True(shuffled[0].StateText() == replayed[0].StateText(), $"Seed {seed}: the replay has another state.");
            Assert.Equal(shuffled[0].Entries, replayed[0].Entries);
            Assert.Equal(shuffled.Account(1).LedgerBalance, shuffled[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
            Assert.Equal(shuffled.Account(1).Balance, shuffled.Account(1).LedgerBalance);
            Assert.Equal(Audited(shuffled, tariff), (decimal)shuffled.Account(1).Charged.Nano / Money.NanoPerUnit);
            reratings += shuffled[0].Entries.Count(e => e.Reference?.StartsWith("prices:", StringComparison.Ordinal) == true);
        }

        Assert.True(reratings > 100, $"Only {reratings} days were charged again.");
    }

    /// <summary>What the audit makes of the same points and publications with code of its own, each day through what its row says.</summary>
    private static decimal Audited(FoldHarness grid, TariffDefinition tariff)
    {
        var (account, meter, series) = (grid.Account(1), grid.Account(1).Meters[0], grid.Book.All[0]);
        var prices = PriceHistories.AuditPricesOf(series, Given.Day(First), Days);
        var rows = grid[0].AllDays(7).ToList();
        var audited = new AuditTariff(1, tariff, series: prices);
        var priced = new AuditPricedDays(account, rows, new Dictionary<int, AuditTariff> { [1] = audited });
        Assert.Equal([], priced.Differences);
        var books = new AuditAccount([(DateOnly.FromDayNumber(account.OpenedDay), audited)], _ => (0, false), through: priced.ThroughOf);
        List<Point> points = [rows[0].Before, .. rows.SelectMany(r => r.Points.Unpack(r.Before)), .. meter.Open.ToList()];
        books.Add(meter.Rating, AuditLine.Of(meter.Rating, points));
        return books.Charge();
    }

    /// <summary>Hourly and by the quarter of an hour, alone, with tiers, and as a later version of a product that had one price.</summary>
    private static TariffDefinition TariffOf(int seed)
    {
        var dynamic = DynamicGrid.Tariff(seed % 2 == 0 ? 60 : 15, "1.03", "0.021", "-0.4", "0.9");
        return (seed / 2 % 3) switch
        {
            0 => dynamic,
            1 => dynamic with { Tiers = Given.Tiers(), LevyPerKwh = "0.02", TaxBasisPoints = 1_900 },
            _ => dynamic with
            {
                Rates = [new("day", "0.1"), new("night", "0.02")],
                Schedule = [new RateRule { Rate = "night", From = "22:00", To = "06:00" }],
            },
        };
    }

    /// <summary>From 10 March to 3 April, over the change of the clock; quarters of an hour, hours, and gaps of up to two days.</summary>
    private static Reading[] ReadingsOf(Random random)
    {
        var (readings, ms, wh) = (new List<Reading>(), StartMs, 0L);
        while (ms < StartMs + ((Days - 2) * Instants.MsPerDay))
        {
            ms += random.Next(12) == 0 ? random.Next(1, 48) * Instants.MsPerHour : random.Next(3) == 0 ? 15 * 60_000L : Instants.MsPerHour;
            wh += random.Next(3_000);
            readings.Add(new Reading(7, RegisterKind.Import, ms, wh, 0, 0));
        }

        return [.. readings];
    }

    /// <param name="isShuffled">
    /// Readings come late and twice; prices in publications of any size and order, many after their energy was charged, some wrong at first; else all prices
    /// come first and once.
    /// </param>
    private static FoldHarness Run(TariffDefinition tariff, Random random, List<PublishedPrice> prices, Reading[] readings, bool isShuffled, bool crashes)
    {
        var grid = new FoldHarness(1, tariff);
        var series = grid.Book.Add(DynamicGrid.SeriesOf(tariff.Dynamic!.ResolutionMinutes));
        grid.Execute(0, Given.Open(1, First), StartMs);
        grid.Execute(0, Given.Meter(7, 1, $"{First}T00:00+01:00"), StartMs);
        var publications = isShuffled ? PriceHistories.Publications(prices, random) : [prices];
        var arrivals = isShuffled ? PriceHistories.Arrivals(readings, random, 90) : [.. readings];
        var next = 0;
        for (var i = 0; i < arrivals.Count; i++)
        {
            // All of the one list come before the first reading, half of the others behind the last.
            for (; next < publications.Count && (!isShuffled || next * arrivals.Count < i * (long)publications.Count * 9 / 10); next++)
            {
                grid.Publish(series, arrivals[i].TimeMs, publications[next], isSent: !isShuffled || random.Next(5) > 0);
            }

            grid[0].Append(arrivals[i].TimeMs, arrivals[i]);
            if (random.Next(25) == 0)
            {
                PriceHistories.Check(grid, arrivals[i].TimeMs + Instants.MsPerHour, crashes);
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

    private static string Text(FoldHarness grid)
    {
        var account = grid.Account(1);
        return $"{account.Balance} {account.LedgerBalance} {account.PricedThrough}\n"
            + string.Join('\n', account.Periods.Where(p => p.Live != default)
                .Select(p => $"{p.StartDay} {p.Tariff} {p.Live} {p.Closed} {p.Charge} {p.Booked}"))
            + string.Join('\n', grid[0].AllDays(7).Select(d => $"{d.Key.Day} {string.Join(',', d.RateWh)} {d.Base} {d.HeldWh}"));
    }
}
