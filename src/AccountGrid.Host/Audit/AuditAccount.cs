using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Audit;

/// <summary>What the audit works out for one account: energy and money by tariff and period, from points alone.</summary>
/// <param name="isClosed">Whether the account is closed.</param>
/// <param name="households">Persons and protection of the household that a period is charged for, by its first day.</param>
/// <param name="through">The publication up to which prices of series count for a day; null where there are none.</param>
internal sealed class AuditAccount(
    IReadOnlyList<(DateOnly From, AuditTariff Tariff)> tariffs, Func<DateOnly, (int Persons, bool IsProtected)> households, bool isClosed = false,
    Func<DateOnly, int>? through = null)
{
    /// <summary>What a person charges of a longer gap is spread over its last 400 days.</summary>
    private const long LongestMs = 400L * 24 * 3_600_000;

    private readonly SortedDictionary<(DateOnly Period, int Span), AuditPeriod> _periods = [];

    private readonly AuditTwoPart _twoPart = new();

    private List<(DateOnly From, long Milli, string Unit)> _contracted = [];

    public long ChargedWh { get; private set; }

    public long HeldWh { get; private set; }

    public long ExportedWh { get; private set; }

    /// <summary>Exported energy that is held.</summary>
    public long ExportHeldWh { get; private set; }

    /// <summary>Reactive energy that is held, varh.</summary>
    public long ReactiveHeldVarh { get; private set; }

    /// <summary>All that is held, of whatever register.</summary>
    public long AllHeld => HeldWh + ExportHeldWh + ReactiveHeldVarh;

    public decimal EnergyMoney => _periods.Values.Sum(p => p.Energy);

    /// <summary>Contracted capacity from days on, thousandths of a unit; without one it holds for either. Before <see cref="AddStandingDays"/>.</summary>
    public void Contract(IEnumerable<(DateOnly From, long Milli, string Unit)> contracted) => _contracted = [.. contracted.OrderBy(c => c.From)];

    public void AddStandingDays(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (TariffOf(day).Tariff.Definition is { Capacity: not null } or { Demand: not null })
            {
                PeriodOf(day).Days++;
                var (_, milli, unit) = _contracted.LastOrDefault(c => c.From <= day);
                PeriodOf(day).MilliDays += unit is null or "" || unit == (TariffOf(day).Tariff.Definition.Capacity?.Unit ?? "kW") ? milli : 0;
            }

            if (TariffOf(day).Tariff.StandingPerDay != 0)
            {
                PeriodOf(day).StandingDays++;
            }
        }
    }

    /// <summary>Adds the energy of a meter's line. The load shape of each gap comes from the line itself, never from what is stored.</summary>
    /// <param name="line">Its points that count, <see cref="AuditLine"/>.</param>
    /// <param name="charged">The register that it is of; null where it is not charged: 1.8.0 of a meter that is charged by its rate registers.</param>
    /// <param name="isNetted">Whether its meter measures export.</param>
    /// <param name="of">Its meter, where demand or power factor may be asked for.</param>
    public void Add(MeterRating rating, IReadOnlyList<Point> line, RegisterKind? charged = RegisterKind.Import, bool isNetted = false, AuditMeter? of = null)
    {
        if (of is not null && charged is null or RegisterKind.Import)
        {
            AddDemand(rating, line, of!);
        }

        if (charged is not { } register)
        {
            return;
        }

        var name = register == RegisterKind.Reactive ? "3.8.0" : $"{register}";
        var counts = of is { HasReactive: true } && register != RegisterKind.Export;
        if (counts)
        {
            _twoPart.Begin(of!, name, line[0].TimeMs);
        }

        var differences = line.Zip(line.Skip(1)).Select(p => (From: p.First, To: p.Second, Judged: Judge(rating, p.First, p.Second, register))).ToList();
        var hours = new Dictionary<DateOnly, long[]>();
        var (isExport, isReactive) = (register == RegisterKind.Export, register == RegisterKind.Reactive);
        foreach (var (from, to, (word, wh)) in differences)
        {
            var (day, _, hour) = tariffs[^1].Tariff.At(from.TimeMs);
            if (word == "charged" && wh > 0 && to.TimeMs - from.TimeMs <= 3_600_000 && !AuditLine.IsEstimate(from) && !AuditLine.IsEstimate(to)
                && !AuditLine.IsRight(to) && HasTimes(day, register))
            {
                (hours.TryGetValue(day, out var known) ? known : hours[day] = new long[24])[hour] += wh;
            }
        }

        foreach (var (from, to, (word, wh)) in differences)
        {
            if (word != "charged")
            {
                HeldWh += isExport || isReactive ? 0 : wh;
                ExportHeldWh += isExport ? wh : 0;
                ReactiveHeldVarh += isReactive ? wh : 0;
                continue;
            }

            ChargedWh += isExport || isReactive ? 0 : wh;
            ExportedWh += isExport ? wh : 0;
            var beginMs = Math.Max(from.TimeMs, to.TimeMs - LongestMs);
            if (counts)
            {
                _twoPart.Know(of!, name, beginMs, to);
                CountDays(of!, beginMs, to.TimeMs);
            }

            foreach (var (day, rate, part) in Spread(beginMs, to.TimeMs, wh, ShapeOf(hours, tariffs[^1].Tariff.At(from.TimeMs).Day, register), register))
            {
                AddPart(day, rate, part, register, isNetted, counts ? of : null);
            }
        }
    }

    /// <summary>What of a difference falls on a day at a rate.</summary>
    private void AddPart(DateOnly day, int rate, long part, RegisterKind register, bool isNetted, AuditMeter? counted)
    {
        var tariff = TariffOf(day).Tariff;
        var number = through?.Invoke(day) ?? 0;
        if (register == RegisterKind.Reactive)
        {
            if (counted is not null)
            {
                _twoPart.AddEnergy(counted, day, 0, 0, part);
            }

            return;
        }

        if (counted is not null)
        {
            _twoPart.AddEnergy(counted, day, part, part * tariff.Price(day, rate, number) / 1000m, 0);
        }

        PeriodOf(day).Add(tariff, day, rate, part, register == RegisterKind.Export, isNetted, number);
    }

    /// <summary>Measured differences of 1.8.0 of at most an hour, as demand of the days that they lie on.</summary>
    private void AddDemand(MeterRating rating, IReadOnlyList<Point> line, AuditMeter of)
    {
        foreach (var (from, to) in line.Zip(line.Skip(1)))
        {
            if (to.TimeMs - from.TimeMs > 3_600_000 || AuditLine.IsEstimate(from) || AuditLine.IsEstimate(to)
                || Judge(rating, from, to, RegisterKind.Import) is not ("charged", var wh))
            {
                continue;
            }

            foreach (var day in new[] { tariffs[^1].Tariff.At(from.TimeMs).Day, tariffs[^1].Tariff.At(to.TimeMs).Day }.Distinct())
            {
                var (dayFrom, dayTo) = tariffs[^1].Tariff.BoundsOf(day);
                for (var at = dayFrom; TariffOf(day).Tariff.Definition.Demand is { } demand && at < dayTo; at += demand.IntervalMinutes * 60_000L)
                {
                    _twoPart.AddDemand(of, day, (at, Math.Min(dayTo, at + (demand.IntervalMinutes * 60_000L))), from.TimeMs, to.TimeMs, wh);
                }
            }
        }
    }

    /// <summary>Days of a difference that has no energy count too.</summary>
    private void CountDays(AuditMeter of, long fromMs, long toMs)
    {
        for (var day = tariffs[^1].Tariff.At(fromMs).Day; day <= tariffs[^1].Tariff.At(toMs - 1).Day; day = day.AddDays(1))
        {
            _twoPart.AddEnergy(of, day, 0, 0, 0);
        }
    }

    private (string Word, long Wh) Judge(MeterRating rating, Point from, Point to, RegisterKind register)
    {
        var (word, wh) = AuditLine.Judge(rating, from, to);
        if (register is not (RegisterKind.Export or RegisterKind.Reactive) && word is "charged" or "too long"
            && to.Quality.HasFlag(ReadingQuality.BackBillingBorder))
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
    private byte[]? ShapeOf(Dictionary<DateOnly, long[]> hours, DateOnly gap, RegisterKind register)
    {
        if (!HasTimes(gap, register))
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
        var export = new AuditExport(isClosed);
        foreach (var ((start, span), period) in _periods.Where(p => !p.Value.IsEmpty))
        {
            var tariff = tariffs[span].Tariff;
            var earlier = before.GetValueOrDefault((start, tariff.PerYear));
            var (household, isProtected) = households(start);
            var begin = BeginOf(start, tariff.PerYear);
            var tiers = tariff.Surcharge(earlier + period.Wh, household, isProtected, start, begin)
                - tariff.Surcharge(earlier, household, isProtected, start, begin);
            var (netted, paid) = export.Take(start, tariff.Definition, period.Exported(tariff), period.Imported(tariff));
            var (energy, standing) = (period.Energy + tiers - netted, period.StandingDays * tariff.StandingPerDay);
            var (capacity, onEnergy, onFixed) = _twoPart.Of(
                tariff.Definition, start, d => tariff.PeriodOf(d) == start && TariffOf(d).Span == span, period.Days, period.MilliDays, standing,
                tariff.BoundsOf);
            var (levies, taxes) = tariff.LeviesAndTaxes(energy + onEnergy, standing + capacity + onFixed, period.Wh, earlier, start);
            sum += energy + standing + capacity + onEnergy + onFixed + levies + taxes - paid;
            before[(start, tariff.PerYear)] = earlier + period.Wh;
        }

        return sum - export.End();
    }

    /// <summary>The first day on which an account is under tiers of a kind, of the spans that reach into a period.</summary>
    private DateOnly BeginOf(DateOnly start, bool perYear) => tariffs.Zip(tariffs.Skip(1).Select(t => t.From).Append(DateOnly.MaxValue))
        .Where(s => s.First.Tariff.PerYear == perYear && s.Second > start).Select(s => s.First.From).First();

    /// <summary>Whether prices of a register differ by time on a day.</summary>
    private bool HasTimes(DateOnly day, RegisterKind register) => TariffOf(day).Tariff is { HasTimes: true } tariff && tariff.RateOf(register) is null;

    private List<(DateOnly Day, int Rate, long Wh)> Spread(long fromMs, long toMs, long wh, byte[]? shape, RegisterKind register)
    {
        var quarters = new List<(DateOnly Day, int Rate, decimal Weight)>();
        for (var at = fromMs; at < toMs;)
        {
            var next = Math.Min(toMs, (at / AuditTariff.QuarterMs * AuditTariff.QuarterMs) + AuditTariff.QuarterMs);
            var day = tariffs[^1].Tariff.At(at).Day;
            var (_, rate, hour) = TariffOf(day).Tariff.At(at);
            quarters.Add((day, TariffOf(day).Tariff.RateOf(register) ?? rate, (next - at) * (decimal)(shape?[hour] ?? 1)));
            at = next;
        }

        if (quarters.All(q => q.Day == quarters[0].Day && q.Rate == quarters[0].Rate))
        {
            return [(quarters[0].Day, quarters[0].Rate, wh)];
        }

        if (quarters.Sum(q => q.Weight) == 0)
        {
            return Spread(fromMs, toMs, wh, null, register);
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

        /// <summary>Days that a capacity or demand charge is for, and their contracted capacity in thousandths, summed.</summary>
        public int Days { get; set; }

        public decimal MilliDays { get; set; }

        private Dictionary<(bool IsExport, int Rate), long> ByRate { get; } = [];

        public bool IsEmpty => Wh == 0 && Energy == 0 && StandingDays == 0 && Days == 0 && ByRate.Values.All(wh => wh == 0);

        public void Add(AuditTariff tariff, DateOnly day, int rate, long wh, bool isExport, bool isNetted, int through)
        {
            if (isExport || (isNetted && tariff.Definition.Export?.NetMetering is not null))
            {
                var key = (isExport, tariff.RateIndex(rate));
                ByRate[key] = ByRate.GetValueOrDefault(key) + wh;
            }

            if (!isExport)
            {
                Wh += wh;
                Energy += wh * tariff.Price(day, rate, through) / 1000m;
            }
        }

        public long[] Exported(AuditTariff tariff) => Of(tariff, isExport: true);

        public long[] Imported(AuditTariff tariff) => Of(tariff, isExport: false);

        private long[] Of(AuditTariff tariff, bool isExport) =>
            [.. Enumerable.Range(0, tariff.Definition.Rates.Count).Select(r => ByRate.GetValueOrDefault((isExport, r)))];
    }
}
