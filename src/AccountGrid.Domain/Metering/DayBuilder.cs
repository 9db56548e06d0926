using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Gathers a meter's open points into rows of its closed days; a pure function of the points.</summary>
/// <param name="points">The open points behind the last one of the closed days that counts.</param>
internal sealed class DayBuilder(MeterState meter, AccountState account, int throughDay, List<Point> points)
{
    private readonly SortedDictionary<int, Day> _days = [];

    private void Gather()
    {
        var from = points[0];
        for (var i = 1; i < points.Count && account.PlanAt(from.TimeMs).Day <= throughDay; i++)
        {
            var point = points[i];
            var endDay = account.Calendar.DayOfIntervalEnd(point.TimeMs);
            var ends = endDay <= throughDay && endDay > meter.ClosedThroughDay;
            if (ends)
            {
                DayOf(endDay, from).Points.Add(point);
            }

            if (!RegisterLine.Counts(point))
            {
                continue;
            }

            var outcome = Charging.OutcomeOf(meter, account, from, point, out var energy);
            if (!meter.IsCharged)
            {
                from = point;
                continue;
            }

            if (outcome == VeeOutcome.Accepted)
            {
                var sink = new RowSink(this, from);
                Spreader.Spread(meter.TariffsOf(account), Charging.SpreadFromMs(from, point), point.TimeMs, energy, point.Shape, ref sink);
                AddWithoutEnergy(from, point);
            }
            else if (ends)
            {
                DayOf(endDay, from).HeldWh += energy.Wh;
            }

            from = point;
        }
    }

    /// <summary>Where a power factor is worked out, a day without energy is known too: it has a row.</summary>
    private void AddWithoutEnergy(in Point from, in Point to)
    {
        var last = Math.Min(throughDay, account.Calendar.DayOfIntervalEnd(to.TimeMs));
        for (var day = Math.Max(meter.ClosedThroughDay + 1, account.PlanAt(Charging.SpreadFromMs(from, to)).Day); day <= last; day++)
        {
            if (account.TariffOf(day).TwoPart is { HasPowerFactor: true })
            {
                DayOf(day, from);
            }
        }
    }

    public List<DayRow> Build(long position)
    {
        Gather();
        foreach (var booked in meter.Reopened ?? [])
        {
            if (booked.Day <= throughDay && !_days.ContainsKey(booked.Day))
            {
                // Nothing is left of a day that was booked: its row says so, behind the last point before it.
                var start = account.Calendar.StartOf(booked.Day);
                DayOf(booked.Day, points[Math.Max(0, points.FindLastIndex(p => p.TimeMs <= start && RegisterLine.Counts(p)))]);
            }
        }

        var rows = new List<DayRow>(_days.Count);
        foreach (var (number, day) in _days)
        {
            rows.Add(new DayRow(
                new DayKey(meter.Number, meter.Assignment, number, meter.Register),
                account.Number,
                account.TariffOf(number).Number,
                day.Before,
                PackedPoints.Pack(day.Before, day.Points),
                day.RateWh,
                day.Base.ToMoney(),
                day.HeldWh,
                position,
                meter.FirstPosition,
                meter.LastPosition,
                account.TariffOf(number).Series?.DayOf(number, account.PricesThrough).Number ?? 0)
            {
                Peak = PeakOf(number),
                IsWhole = account.TariffOf(number).TwoPart is { HasPowerFactor: true } && IsWhole(number),
            });
        }

        return rows;
    }

    /// <summary>The highest demand of a day, of 1.8.0 where the day's tariff charges for it.</summary>
    private (long W, long AtMs) PeakOf(int day) => meter.Register == RegisterKind.Import && account.TariffOf(day).TwoPart is { IsByDemand: true } terms
        ? DemandPeaks.Of(meter, account, points, day, terms.IntervalMs)
        : default;

    /// <summary>Whether accepted differences cover a day. What ends in the estimated end of the meter's time on the account is not known.</summary>
    private bool IsWhole(int day)
    {
        var (fromMs, toMs) = (Math.Max(meter.FromMs, account.Calendar.StartOf(day)), Math.Min(meter.UntilMs, account.Calendar.StartOf(day + 1)));
        var coveredMs = 0L;
        var before = points[0];
        foreach (var point in points.Skip(1).Where(p => RegisterLine.Counts(p)))
        {
            if (point.TimeMs > fromMs && before.TimeMs < toMs && !(point.TimeMs == meter.UntilMs && RegisterLine.IsEstimate(point))
                && Charging.OutcomeOf(meter, account, before, point, out _) == VeeOutcome.Accepted)
            {
                coveredMs += Math.Min(toMs, point.TimeMs) - Math.Max(fromMs, Math.Max(before.TimeMs, Charging.SpreadFromMs(before, point)));
            }

            before = point;
        }

        return coveredMs == toMs - fromMs;
    }

    private Day DayOf(int number, in Point before)
    {
        if (!_days.TryGetValue(number, out var day))
        {
            _days[number] = day = new Day(before, account.TariffOf(number).RatesOn(number));
        }

        return day;
    }

    private sealed class Day(Point before, int rates)
    {
        public Point Before { get; } = before;

        public List<Point> Points { get; } = [];

        public long[] RateWh { get; } = new long[rates];

        /// <summary>Wide: rates on both sides of zero may pass what their sum is.</summary>
        public WideMoney Base { get; set; }

        public long HeldWh { get; set; }
    }

    private readonly struct RowSink(DayBuilder builder, Point from) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy)
        {
            if (plan.Day > builder.ThroughDay || plan.Day <= builder.Meter.ClosedThroughDay)
            {
                return;
            }

            var day = builder.DayOf(plan.Day, from);
            day.RateWh[rate] += energy.Wh;
            var tariff = builder.Account.TariffOf(plan.Day);
            day.Base += builder.Meter.Register == RegisterKind.Reactive ? WideMoney.Zero
                : builder.Meter.Register == RegisterKind.Export
                ? -WideMoney.Product(energy.Wh, tariff.Export?.FeedInMicro(tariff.RateIndexOf(plan.Day, rate)) ?? 0)
                : builder.Account.PriceOf(tariff, plan.Day, rate) * energy;
        }
    }

    private int ThroughDay => throughDay;

    private MeterState Meter => meter;

    private AccountState Account => account;
}
