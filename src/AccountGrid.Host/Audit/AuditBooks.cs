using AccountGrid.Domain.Metering;

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

    /// <summary>Adds what lies between two neighbouring points, by the rules of validation read again from their text.</summary>
    public void Add(in MeterRating rating, in Point from, in Point to)
    {
        var wh = to.ValueWh - from.ValueWh;
        var ms = to.TimeMs - from.TimeMs;
        if (wh < 0 && rating.RegisterWidthWh > 0 && (decimal)from.ValueWh / rating.RegisterWidthWh >= 0.9m && wh + rating.RegisterWidthWh >= 0 && !IsSpike(rating, wh + rating.RegisterWidthWh, ms))
        {
            wh += rating.RegisterWidthWh;
        }
        else if (wh < 0 || ms > 400L * 86_400_000 || IsSpike(rating, wh, ms))
        {
            HeldWh += wh;
            return;
        }

        ChargedWh += wh;
        foreach (var (day, rate, part) in Spread(from.TimeMs, to.TimeMs, wh, to.Shape))
        {
            var period = PeriodOf(day);
            period.Wh += part;
            period.Energy += part * TariffOf(day).Tariff.Price(rate) / 1000m;
        }
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
            var tiers = tariff.Surcharge(earlier + period.Wh, household, isProtected) - tariff.Surcharge(earlier, household, isProtected);
            var net = period.Energy + tiers + (period.StandingDays * tariff.StandingPerDay);
            sum += net + tariff.Tax(net);
            before[(start, tariff.PerYear)] = earlier + period.Wh;
        }

        return sum;
    }

    private static bool IsSpike(in MeterRating rating, long wh, long ms) => wh > 1_000_000_000 || rating.CapacityW > 0 && (wh - 1) * 3_600_000m > (decimal)rating.CapacityW * ms;

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
