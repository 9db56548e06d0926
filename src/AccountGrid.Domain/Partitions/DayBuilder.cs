using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Partitions;

/// <summary>Gathers a meter's open points into rows of its closed days; a pure function of the points.</summary>
internal sealed class DayBuilder(MeterState meter, AccountState account, int throughDay)
{
    private readonly SortedDictionary<int, Day> _days = [];
    private readonly List<Point> _points = [meter.Tail];

    public void Add(in Point from, in Point to)
    {
        _points.Add(to);
        if (account.Calendar.DayOf(from.TimeMs) > throughDay)
        {
            return;
        }

        var endDay = account.Calendar.DayOfIntervalEnd(to.TimeMs);
        if (endDay <= throughDay && endDay > meter.ClosedThroughDay)
        {
            DayOf(endDay, from).Points.Add(to);
        }

        if (Validation.Judge(meter.Rating, from, to, out var energy) == VeeOutcome.Accepted)
        {
            var sink = new RowSink(this, from);
            Spreader.Spread(account, from.TimeMs, to.TimeMs, energy, to.Shape, ref sink);
        }
        else if (endDay <= throughDay && endDay > meter.ClosedThroughDay)
        {
            DayOf(endDay, from).HeldWh += energy.Wh;
        }
    }

    public List<DayRow> Build(long position)
    {
        foreach (var booked in meter.Reopened ?? [])
        {
            if (booked.Day <= throughDay && !_days.ContainsKey(booked.Day))
            {
                // Nothing is left of a day that was booked: its row says so, behind the last point before it.
                var start = account.Calendar.StartOf(booked.Day);
                DayOf(booked.Day, _points[Math.Max(0, _points.FindLastIndex(p => p.TimeMs <= start))]);
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
                day.Base,
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

        public Money Base { get; set; }

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
