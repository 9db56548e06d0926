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

            if (Charging.OutcomeOf(meter, account, from, point, out var energy) == VeeOutcome.Accepted)
            {
                var sink = new RowSink(this, from);
                Spreader.Spread(account, from.TimeMs, point.TimeMs, energy, point.Shape, ref sink);
            }
            else if (ends)
            {
                DayOf(endDay, from).HeldWh += energy.Wh;
            }

            from = point;
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
                new DayKey(meter.Number, meter.Assignment, number),
                account.Number,
                account.TariffOf(number).Number,
                day.Before,
                PackedPoints.Pack(day.Before, day.Points),
                day.RateWh,
                day.Base.ToMoney(),
                day.HeldWh,
                position,
                meter.FirstPosition,
                meter.LastPosition));
        }

        return rows;
    }

    private Day DayOf(int number, in Point before)
    {
        if (!_days.TryGetValue(number, out var day))
        {
            _days[number] = day = new Day(before, account.TariffOf(number).RateCount);
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
            day.Base += builder.Account.TariffOf(plan.Day).PriceOf(rate) * energy;
        }
    }

    private int ThroughDay => throughDay;

    private MeterState Meter => meter;

    private AccountState Account => account;
}
