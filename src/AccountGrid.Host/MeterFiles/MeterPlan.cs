namespace AccountGrid.Host.MeterFiles;

/// <summary>What a file has of one meter: in order of time, each instant once, and without what contradicts itself.</summary>
/// <param name="Intervals">By register; none is empty.</param>
/// <param name="Registers">Cumulative values by register; none is empty.</param>
/// <param name="Repeated">Rows that say what another row says.</param>
/// <param name="Netted">Negative rows that the intervals behind them were reduced by.</param>
/// <param name="Refused">Rows that are not sent.</param>
/// <param name="Rules">What time without a value is taken for.</param>
public sealed record MeterPlan(
    string Meter, IReadOnlyList<IntervalPlan> Intervals, IReadOnlyList<RegisterSeries> Registers, int Repeated, int Netted, FileErrors Refused,
    PlacingRules Rules = default)
{
    /// <summary>Readings that it comes to.</summary>
    public int Count => Intervals.Sum(i => i.Intervals.Count) + Registers.Sum(r => r.Points.Count);

    /// <summary>Plans of all meters of a file, by meter.</summary>
    public static List<MeterPlan> Of(MeterFileContent content) => [.. Each(content)];

    /// <summary>The same, each made when it is asked for.</summary>
    internal static IEnumerable<MeterPlan> Each(MeterFileContent content) =>
        Of(content.Intervals, content.Registers).Select(p => p with { Rules = content.Rules });

    public static IEnumerable<MeterPlan> Of(IEnumerable<IntervalSeries> intervals, IEnumerable<RegisterSeries> registers)
    {
        var byMeter = intervals.ToLookup(i => i.Meter);
        var registersOf = registers.ToLookup(r => r.Meter);
        return byMeter.Select(g => g.Key).Concat(registersOf.Select(g => g.Key)).Distinct().Select(m => Of(m, byMeter[m], registersOf[m]));
    }

    /// <summary>Its first instant, UTC ms: the start of its first interval, whose length is taken as a second where nothing tells it.</summary>
    public long FirstMs => Intervals.Select(FirstStartMs).Concat(Registers.Select(r => r.Points[0].TimeMs)).Min();

    public static long FirstStartMs(IntervalPlan plan) => plan.StartOf(plan.Intervals[0]);

    /// <summary>Usual time between its readings, ms; 0 is not known.</summary>
    public int StepMs => Intervals.Select(i => i.StepMs).DefaultIfEmpty(0).Max();

    private static MeterPlan Of(string meter, IEnumerable<IntervalSeries> intervals, IEnumerable<RegisterSeries> registers)
    {
        var plans = intervals.OrderBy(i => i.Register).Select(IntervalPlan.Of).ToList();
        var values = registers.OrderBy(r => r.Register).Select(r => (Series: r, Distinct: r.Distinct())).ToList();
        var refused = new FileErrors();
        plans.ForEach(p => refused.Add(p.Refused));
        values.ForEach(v => refused.Add(v.Distinct.Refused));
        return new MeterPlan(meter, plans.FindAll(p => p.Intervals.Count > 0),
            [.. values.Where(v => v.Distinct.Points.Count > 0).Select(v => v.Series with { Points = v.Distinct.Points })],
            plans.Sum(p => p.Repeated) + values.Sum(v => v.Distinct.Repeated), plans.Sum(p => p.Netted), refused);
    }
}
