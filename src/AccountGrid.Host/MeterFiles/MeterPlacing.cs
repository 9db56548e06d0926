using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>What a meter's part of a file comes to in the registers that the grid has.</summary>
public static class MeterPlacing
{
    /// <summary>How far before a file's intervals a value of the grid is looked for, days: meters are read by the year at the least.</summary>
    private const int BeforeDays = 366;

    /// <param name="plan">The meter's part.</param>
    /// <param name="values">What the grid has.</param>
    public static async Task<PlacedMeter> PlaceAsync(MeterPlan plan, IMeterValues values)
    {
        var (placed, refused) = (new List<PlacedValue>(plan.Count), new FileErrors());
        if (await values.LastAsync(plan.Meter) is not { } last)
        {
            refused.Add(Refused(plan, plan.Meter, "a meter that the grid knows; register it first"));
            return new PlacedMeter(plan.Meter, [], refused);
        }

        foreach (var intervals in plan.Intervals)
        {
            if (!last.TryGetValue(intervals.Register, out var known))
            {
                refused.Add(new FileError(intervals.Intervals[0].Line, $"register of {plan.Meter}", RegisterCodes.Of(intervals.Register),
                    $"one that the meter is registered with; its {intervals.Intervals.Count} rows are not sent"));
                continue;
            }

            if (known.HasRatio)
            {
                refused.Add(new FileError(intervals.Intervals[0].Line, $"register of {plan.Meter}", RegisterCodes.Of(intervals.Register),
                    $"one of a meter that is behind no transformers: energy of intervals is the supply's, and its register counts only a part of it; its "
                        + $"{intervals.Intervals.Count} rows are not sent"));
                continue;
            }

            var (points, wrong) = RegisterPlacing.Place(intervals, known, await AroundAsync(intervals, known, values), plan.Rules);
            placed.AddRange(points.Select(p => new PlacedValue(intervals.Register, p)));
            refused.Add(wrong);
        }

        foreach (var register in plan.Registers)
        {
            if (last.ContainsKey(register.Register))
            {
                placed.AddRange(ValuesOf([register]));
            }
            else if (register.Points.Exists(p => p.MilliWh != register.Points[0].MilliWh) || register.Register != RegisterKind.Export)
            {
                // An export register that stands still is in every telegram of a meter that exports nothing.
                refused.Add(new FileError(register.Points[0].Line, $"register of {plan.Meter}", RegisterCodes.Of(register.Register),
                    $"one that the meter is registered with; its {register.Points.Count} values are not sent"));
            }
        }

        return new PlacedMeter(plan.Meter, placed, refused);
    }

    /// <summary>The grid's values around a file's intervals, with one before them where it has one within a year and goes on behind their start.</summary>
    private static async Task<SortedList<long, KnownValue>> AroundAsync(IntervalPlan plan, KnownRegister last, IMeterValues values)
    {
        var startMs = MeterPlan.FirstStartMs(plan);
        var around = await values.BetweenAsync(plan.Meter, plan.Register, startMs, plan.Intervals[^1].EndMs);
        if (last.Ms > startMs && !around.Any(v => v.Key <= startMs && !v.Value.IsEstimate))
        {
            var before = await values.BetweenAsync(plan.Meter, plan.Register, startMs - (BeforeDays * Instants.MsPerDay), startMs);
            before.ToList().ForEach(v => around.TryAdd(v.Key, v.Value));
        }

        return around;
    }

    /// <summary>The values of a meter that was just installed with the registers that <see cref="StartsOf"/> says.</summary>
    internal static PlacedMeter PlaceNew(MeterPlan plan, long startWh)
    {
        var rules = new PlacingRules(StartContinues: true, plan.Rules.HolesContinue);
        var (placed, refused) = (new List<PlacedValue>(plan.Count), new FileErrors());
        foreach (var intervals in plan.Intervals)
        {
            var (points, wrong) = RegisterPlacing.Place(intervals, new KnownRegister(MeterPlan.FirstStartMs(intervals), startWh), [], rules);
            placed.AddRange(points.Select(p => new PlacedValue(intervals.Register, p)));
            refused.Add(wrong);
        }

        placed.AddRange(ValuesOf(plan.Registers));
        return new PlacedMeter(plan.Meter, placed, refused);
    }

    /// <summary>What the registers of a new meter show at its first instant, Wh.</summary>
    /// <param name="startWh">Where the file has only intervals of a register.</param>
    internal static Dictionary<RegisterKind, long> StartsOf(MeterPlan plan, long startWh)
    {
        var starts = plan.Intervals.ToDictionary(i => i.Register, _ => startWh);
        foreach (var register in plan.Registers)
        {
            starts[register.Register] = register.Points[0].MilliWh / 1000;
        }

        return starts;
    }

    private static IEnumerable<PlacedValue> ValuesOf(IEnumerable<RegisterSeries> registers) =>
        registers.SelectMany(r => r.Points.Select(p => new PlacedValue(r.Register, p with { Quality = p.Quality & ~ReadingQuality.Valid })));

    /// <summary>Says that nothing of a meter is sent.</summary>
    internal static FileError Refused(MeterPlan plan, string value, string right) => new(
        plan.Intervals.Select(i => i.Intervals[0].Line).Concat(plan.Registers.Select(r => r.Points[0].Line)).DefaultIfEmpty(0).Min(), "meter", value,
        $"{right}; its {plan.Count} readings are not sent");
}
