using System.Globalization;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Capacity or demand charge and power factor, worked out a second time: from differences of registers, in decimals. Takes the definition of a tariff and
/// nothing of the fold's code.
/// </summary>
internal sealed class AuditTwoPart
{
    private readonly Dictionary<(AuditMeter Meter, DateOnly Day, long FromMs, long ToMs), (decimal MicroWh, long KnownMs)> _intervals = [];
    private readonly Dictionary<(AuditMeter Meter, string Line), List<(long FromMs, long ToMs)>> _known = [];
    private readonly Dictionary<(AuditMeter Meter, DateOnly Day), (long Wh, decimal Money, long Varh)> _days = [];
    private readonly Dictionary<AuditMeter, long> _since = [];

    /// <summary>A line of a meter begins that a power factor needs.</summary>
    public void Begin(AuditMeter meter, string line, long fromMs)
    {
        _since[meter] = fromMs;
        _known.TryAdd((meter, line), []);
    }

    /// <summary>A difference is accepted: the line is known between its ends, but for one up to an estimated end of the meter's time on the account.</summary>
    public void Know(AuditMeter meter, string line, long fromMs, Point to)
    {
        if (to.TimeMs != meter.UntilMs || !AuditLine.IsEstimate(to))
        {
            _known[(meter, line)].Add((fromMs, to.TimeMs));
        }
    }

    /// <summary>What of a difference falls on a day.</summary>
    /// <param name="money">What energy costs at its rate.</param>
    public void AddEnergy(AuditMeter meter, DateOnly day, long wh, decimal money, long varh)
    {
        var known = _days.GetValueOrDefault((meter, day));
        _days[(meter, day)] = (known.Wh + wh, known.Money + money, known.Varh + varh);
    }

    /// <summary>A measured difference of 1.8.0 of at most an hour, in an interval of a day that it reaches into.</summary>
    public void AddDemand(AuditMeter meter, DateOnly day, (long FromMs, long ToMs) interval, long fromMs, long toMs, long wh)
    {
        var within = Math.Min(interval.ToMs, toMs) - Math.Max(interval.FromMs, fromMs);
        if (within > 0)
        {
            var key = (meter, day, interval.FromMs, interval.ToMs);
            var (microWh, knownMs) = _intervals.GetValueOrDefault(key);
            _intervals[key] = (microWh + decimal.Floor(wh * 1_000_000m * within / (toMs - fromMs)), knownMs + within);
        }
    }

    /// <summary>Charge for capacity or demand, and what the power factor adds to energy and to what is fixed.</summary>
    /// <param name="isIn">Whether a day is of the period.</param>
    /// <param name="days">Days that are charged for.</param>
    /// <param name="milliDays">Their contracted capacity, in thousandths, summed.</param>
    /// <param name="boundsOf">First instant of a day, and of the next.</param>
    public (decimal Capacity, decimal OnEnergy, decimal OnFixed) Of(TariffDefinition tariff, DateOnly start, Func<DateOnly, bool> isIn, int days,
        decimal milliDays, decimal standing, Func<DateOnly, (long FromMs, long ToMs)> boundsOf)
    {
        var capacity = days == 0 ? 0 : CapacityOf(tariff, start, isIn, days, milliDays / 1_000m);
        if (tariff.PowerFactor is not { } factor)
        {
            return (capacity, 0, 0);
        }

        var metered = _days.Where(d => isIn(d.Key.Day)).ToList();
        var pairs = metered.Where(d => IsPair(d.Key.Meter, boundsOf(d.Key.Day))).ToList();
        var (active, reactive) = (pairs.Sum(p => (decimal)p.Value.Wh), pairs.Sum(p => (decimal)p.Value.Varh));
        if (active == 0 && reactive == 0)
        {
            return (capacity, 0, 0);
        }

        var ratio = active == 0 ? 0 : reactive / active;
        var measured = active == 0 ? 0 : Math.Round(1 / Root(1 + (ratio * ratio)), 2, MidpointRounding.AwayFromZero);
        var percent = factor.Steps.Where(s => Decimal(s.From) <= measured).MaxBy(s => Decimal(s.From))!.BasisPoints / 10_000m;
        var energy = metered.Sum(d => d.Value.Money - (d.Value.Wh * Decimal(tariff.LevyPerKwh) / 1_000m));
        var isFixed = (factor.On.Contains("capacity") ? capacity : 0) + (factor.On.Contains("standing") ? standing : 0);
        return (capacity, Even((factor.On.Contains("energy") ? energy : 0) * percent), Even(isFixed * percent));
    }

    private decimal CapacityOf(TariffDefinition tariff, DateOnly start, Func<DateOnly, bool> isIn, int days, decimal unitDays)
    {
        var month = DateTime.DaysInMonth(start.Year, start.Month);
        var (part, whole) = (tariff.Capacity?.PartOfMonth ?? tariff.Demand?.PartOfMonth) != "thirtieths" ? (days, month)
            : days == month ? (1, 1) : (Math.Min(30, days), 30);
        if (tariff.Capacity is { } byCapacity)
        {
            return Even(Decimal(byCapacity.PricePerMonth) * unitDays * part / (days * whole));
        }

        if (tariff.Demand is not { } demand)
        {
            return 0;
        }

        var maximum = _intervals.Where(i => isIn(i.Key.Day) && i.Value.KnownMs == i.Key.ToMs - i.Key.FromMs)
            .GroupBy(i => i.Key.Meter.SupplyPoint).Sum(p => p.Max(i =>
                Math.Round(i.Value.MicroWh * 3.6m / (i.Key.ToMs - i.Key.FromMs), 0, MidpointRounding.AwayFromZero))) / 1_000m;
        var charged = Math.Max(maximum * days, unitDays * demand.MinimumPercent / 100m);
        var above = unitDays > 0 && demand.SurchargeAbovePercent is { } border ? Math.Max(0, (maximum * days) - (unitDays * border / 100m)) : 0;
        return Even(Decimal(demand.PricePerMonth) * (charged + (above * (Decimal(demand.SurchargeFactor) - 1))) * part / (days * whole));
    }

    /// <summary>Whether all lines of a meter are known for all of a day that it was on the account.</summary>
    private bool IsPair(AuditMeter meter, (long FromMs, long ToMs) day)
    {
        var (fromMs, toMs) = (Math.Max(day.FromMs, _since[meter]), Math.Min(day.ToMs, meter.UntilMs));
        var lines = _known.Where(k => k.Key.Meter == meter).ToList();
        return lines.Exists(l => l.Key.Line == "3.8.0") && lines.TrueForAll(
            l => l.Value.Sum(s => Math.Max(0, Math.Min(s.ToMs, toMs) - Math.Max(s.FromMs, fromMs))) == toMs - fromMs);
    }

    /// <summary>A square root to the last decimals.</summary>
    private static decimal Root(decimal square)
    {
        var root = (decimal)Math.Sqrt((double)square);
        for (var i = 0; i < 4; i++)
        {
            root = (root + (square / root)) / 2;
        }

        return root;
    }

    private static decimal Even(decimal amount) => Math.Round(amount, 9, MidpointRounding.ToEven);

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
