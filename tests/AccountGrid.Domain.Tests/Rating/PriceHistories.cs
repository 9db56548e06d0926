using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Prices of a series as they may be published, and readings as they may arrive, for tests of any order.</summary>
internal static class PriceHistories
{
    /// <summary>Nearly all intervals of the days; some are never known, and of some days none.</summary>
    public static List<PublishedPrice> Of(PriceSeries series, int firstDay, int days, Random random) =>
    [
        .. Enumerable.Range(firstDay, days).Where(_ => random.Next(9) > 0)
            .SelectMany(d => Enumerable.Range(0, series.CountOf(d)).Where(_ => random.Next(15) > 0)
                .Select(i => new PublishedPrice(d, i, random.Next(-300_000, 900_000)))),
    ];

    /// <summary>The prices in publications of one to two hundred, in any order. Some are wrong first; some come twice.</summary>
    public static List<List<PublishedPrice>> Publications(List<PublishedPrice> prices, Random random)
    {
        var shuffled = prices.ToArray();
        random.Shuffle(shuffled);
        var all = new List<List<PublishedPrice>>();
        for (var at = 0; at < shuffled.Length;)
        {
            var size = random.Next(4) == 0 ? 1 : random.Next(2, 200);
            var part = shuffled[at..Math.Min(shuffled.Length, at + size)].ToList();
            if (random.Next(3) == 0)
            {
                all.Add([.. part.Where(_ => random.Next(2) == 0).Select(p => p with { Micro = random.Next(-900_000, 900_000) }).DefaultIfEmpty(part[0])]);
            }

            all.Add(part);
            at += size;
        }

        return all;
    }

    /// <summary>The readings with a sixth of them late and twice.</summary>
    /// <param name="far">Places that one is late by, at most.</param>
    public static List<Reading> Arrivals(Reading[] readings, Random random, int far)
    {
        var arrivals = readings.ToList();
        for (var i = 0; i < readings.Length / 6; i++)
        {
            var from = random.Next(readings.Length);
            var to = Math.Min(readings.Length - 1, from + random.Next(far));
            (arrivals[from], arrivals[to]) = (arrivals[to], arrivals[from]);
            arrivals.Add(readings[from]);
        }

        return arrivals;
    }

    /// <summary>What the audit reads of a series' publications for some days.</summary>
    public static AuditPrices AuditPricesOf(PriceSeries series, int firstDay, int days)
    {
        var prices = new AuditPrices(series.Definition);
        for (var publication = 1; publication <= series.LatestKnown(); publication++)
        {
            for (var day = firstDay; day < firstDay + days; day++)
            {
                var known = series.DayOf(day, publication);
                for (var i = 0; i < known.Micro.Count; i++)
                {
                    if (known.Publications[i] == publication)
                    {
                        prices.Add(publication, DateOnly.FromDayNumber(day), i, known.Micro[i] / 1_000_000m);
                    }
                }
            }
        }

        return prices;
    }

    /// <summary>Checks the account, writes what is to be written, and may end the process there.</summary>
    public static void Check(FoldHarness grid, long atMs, bool crashes)
    {
        grid[0].Append(new Check(atMs, [1]), atMs);
        grid.Settle();
        grid[0].Flush();
        if (crashes)
        {
            grid[0].Crash();
        }
    }
}
