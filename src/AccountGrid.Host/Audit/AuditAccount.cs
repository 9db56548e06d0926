using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Audit;

/// <summary>What the audit works out for one account: energy and money by tariff and period, from points alone.</summary>
/// <param name="households">Persons and protection of the household that a period is charged for, by its first day.</param>
internal sealed class AuditAccount(IReadOnlyList<(DateOnly From, AuditTariff Tariff)> tariffs, Func<DateOnly, (int Persons, bool IsProtected)> households)
{
    private readonly SortedDictionary<(DateOnly Period, int Span), AuditPeriod> _periods = [];

    public long ChargedWh { get; private set; }

    public long HeldWh { get; private set; }

    public decimal EnergyMoney => _periods.Values.Sum(p => p.Energy);

    public void AddStandingDays(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (TariffOf(day).Tariff.StandingPerDay != 0)
            {
                PeriodOf(day).StandingDays++;
            }
        }
    }

    /// <summary>Adds the energy of a meter's line. The load shape of each gap comes from the line itself, never from what is stored.</summary>
    /// <param name="line">Its points that count, <see cref="AuditLine"/>.</param>
    public void Add(MeterRating rating, IReadOnlyList<Point> line)
    {
        var differences = line.Zip(line.Skip(1)).Select(p => (From: p.First, To: p.Second, Judged: Judge(rating, p.First, p.Second))).ToList();
        var hours = new Dictionary<DateOnly, long[]>();
        foreach (var (from, to, (word, wh)) in differences)
        {
            var (day, _, hour) = tariffs[^1].Tariff.At(from.TimeMs);
            if (word == "charged" && wh > 0 && to.TimeMs - from.TimeMs <= 3_600_000 && !AuditLine.IsEstimate(from) && !AuditLine.IsEstimate(to)
                && TariffOf(day).Tariff.Rates > 1)
            {
                (hours.TryGetValue(day, out var known) ? known : hours[day] = new long[24])[hour] += wh;
            }
        }

        foreach (var (from, to, (word, wh)) in differences)
        {
            if (word != "charged")
            {
                HeldWh += wh;
                continue;
            }

            ChargedWh += wh;
            foreach (var (day, rate, part) in Spread(from.TimeMs, to.TimeMs, wh, ShapeOf(hours, tariffs[^1].Tariff.At(from.TimeMs).Day)))
            {
                var period = PeriodOf(day);
                period.Wh += part;
                period.Energy += part * TariffOf(day).Tariff.Price(rate) / 1000m;
            }
        }
    }

    private (string Word, long Wh) Judge(MeterRating rating, Point from, Point to)
    {
        var (word, wh) = AuditLine.Judge(rating, from, to);
        if (word is "charged" or "too long" && to.Quality.HasFlag(ReadingQuality.BackBillingBorder))
        {
            return ("too old", wh);
        }

        // What money cannot be counted for: more than a billion units at the dearest of the days' tariffs.
        var (first, last) = (tariffs[^1].Tariff.At(from.TimeMs).Day, tariffs[^1].Tariff.At(to.TimeMs).Day);
        var dearest = tariffs.Select(t => t.From).Where(d => d > first && d <= last).Append(first).Max(d => TariffOf(d).Tariff.DearestMicro);
        return word == "charged" && wh > 1_000_000_000_000_000_000 / Math.Max(1, dearest) ? ("spike", wh) : (word, wh);
    }

    /// <summary>
    /// Weights by hour of the seven days before a gap's first, each day weighing the same; null where prices do not differ by time or nothing is known.
    /// </summary>
    private byte[]? ShapeOf(Dictionary<DateOnly, long[]> hours, DateOnly gap)
    {
        if (TariffOf(gap).Tariff.Rates == 1)
        {
            return null;
        }

        var sums = new long[24];
        foreach (var day in Enumerable.Range(1, 7).Select(n => gap.AddDays(-n)).Where(hours.ContainsKey))
        {
            var weights = Weights(hours[day]);
            for (var hour = 0; hour < 24; hour++)
            {
                sums[hour] += weights[hour];
            }
        }

        return sums.Sum() == 0 ? null : Weights(sums);
    }

    /// <summary>An average hour weighs twenty, none more than 255.</summary>
    private static byte[] Weights(long[] byHour)
    {
        var total = byHour.Sum(wh => (decimal)wh);
        return [.. byHour.Select(wh => (byte)Math.Min(255, decimal.Floor(wh * 480m / total)))];
    }

    /// <summary>The whole charge, tiers, standing charge and tax included.</summary>
    public decimal Charge()
    {
        var sum = 0m;
        var before = new Dictionary<(DateOnly Start, bool PerYear), long>();
        foreach (var ((start, span), period) in _periods)
        {
            var tariff = tariffs[span].Tariff;
            var earlier = before.GetValueOrDefault((start, tariff.PerYear));
            var (household, isProtected) = households(start);
            var begin = BeginOf(start, tariff.PerYear);
            var tiers = tariff.Surcharge(earlier + period.Wh, household, isProtected, start, begin)
                - tariff.Surcharge(earlier, household, isProtected, start, begin);
            var (energy, standing) = (period.Energy + tiers, period.StandingDays * tariff.StandingPerDay);
            var (levies, taxes) = tariff.LeviesAndTaxes(energy, standing, period.Wh, earlier, start);
            sum += energy + standing + levies + taxes;
            before[(start, tariff.PerYear)] = earlier + period.Wh;
        }

        return sum;
    }

    /// <summary>The first day on which an account is under tiers of a kind, of the spans that reach into a period.</summary>
    private DateOnly BeginOf(DateOnly start, bool perYear) => tariffs.Zip(tariffs.Skip(1).Select(t => t.From).Append(DateOnly.MaxValue))
        .Where(s => s.First.Tariff.PerYear == perYear && s.Second > start).Select(s => s.First.From).First();

    private List<(DateOnly Day, int Rate, long Wh)> Spread(long fromMs, long toMs, long wh, byte[]? shape)
    {
        var quarters = new List<(DateOnly Day, int Rate, decimal Weight)>();
        for (var at = fromMs; at < toMs;)
        {
            var next = Math.Min(toMs, (at / AuditTariff.QuarterMs * AuditTariff.QuarterMs) + AuditTariff.QuarterMs);
            var day = tariffs[^1].Tariff.At(at).Day;
            var (_, rate, hour) = TariffOf(day).Tariff.At(at);
            quarters.Add((day, rate, (next - at) * (decimal)(shape?[hour] ?? 1)));
            at = next;
        }

        if (quarters.All(q => q.Day == quarters[0].Day && q.Rate == quarters[0].Rate))
        {
            return [(quarters[0].Day, quarters[0].Rate, wh)];
        }

        if (quarters.Sum(q => q.Weight) == 0)
        {
            return Spread(fromMs, toMs, wh, null);
        }

        var total = quarters.Sum(q => q.Weight);
        var parts = new List<(DateOnly, int, long)>();
        decimal passed = 0;
        long given = 0;
        foreach (var q in quarters)
        {
            passed += q.Weight;
            var upTo = (long)decimal.Floor(wh * passed / total);
            // A quotient that is whole may come out a hair below in decimals.
            upTo += wh * passed >= (upTo + 1) * total ? 1 : 0;
            parts.Add((q.Day, q.Rate, upTo - given));
            given = upTo;
        }

        return parts;
    }

    private (AuditTariff Tariff, int Span) TariffOf(DateOnly day)
    {
        for (var i = tariffs.Count - 1; i > 0; i--)
        {
            if (day >= tariffs[i].From)
            {
                return (tariffs[i].Tariff, FirstSpanOf(tariffs[i].Tariff));
            }
        }

        return (tariffs[0].Tariff, 0);
    }

    // A version that comes back goes on with its own count.
    private int FirstSpanOf(AuditTariff tariff) => tariffs.Select((t, i) => (t.Tariff, i)).First(t => t.Tariff == tariff).i;

    private AuditPeriod PeriodOf(DateOnly day)
    {
        var (tariff, span) = TariffOf(day);
        var key = (tariff.PeriodOf(day), span);
        return _periods.TryGetValue(key, out var period) ? period : _periods[key] = new AuditPeriod();
    }

    private sealed class AuditPeriod
    {
        public long Wh { get; set; }

        public decimal Energy { get; set; }

        public int StandingDays { get; set; }
    }
}
