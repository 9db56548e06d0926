namespace AccountGrid.Domain.Readings;

public static class Validation
{
    public static RefusalCode Code(this VeeOutcome outcome) => outcome switch
    {
        VeeOutcome.Conflict => ReadingRefusals.Conflict,
        VeeOutcome.RegisterFell => ReadingRefusals.RegisterFell,
        VeeOutcome.Spike => ReadingRefusals.Spike,
        VeeOutcome.GapTooLong => ReadingRefusals.GapTooLong,
        VeeOutcome.BeforeInstallation => ReadingRefusals.BeforeInstallation,
        VeeOutcome.AfterRemoval => ReadingRefusals.AfterRemoval,
        VeeOutcome.TooLate => ReadingRefusals.TooLate,
        VeeOutcome.Unassigned => ReadingRefusals.MeterUnassigned,
        VeeOutcome.Gap => ReadingRefusals.Gap,
        VeeOutcome.ZeroRun => ReadingRefusals.MeterZeroRun,
        VeeOutcome.FrozenRun => ReadingRefusals.MeterFrozenRun,
        VeeOutcome.BackBilling => ReadingRefusals.BackBilling,
        VeeOutcome.AccountLimit => ReadingRefusals.AccountLimit,
        _ => throw new InvariantBrokenException($"No code for validation outcome {outcome}."),
    };

    /// <summary>
    /// Judges the difference between two neighbouring points: a pure function of the two and of the meter's rating, so the order in
    /// which points became known does not matter. A fall from the last tenth of the register's width to a plausible start is a rollover.
    /// </summary>
    /// <param name="energy">The energy of the difference: charged where accepted, else held; negative where the register fell.</param>
    public static VeeOutcome Judge(in MeterRating rating, in Point from, in Point to, out Energy energy)
    {
        var wh = to.ValueWh - from.ValueWh;
        var ms = to.TimeMs - from.TimeMs;
        energy = new(wh);
        if (wh < 0)
        {
            var rolled = rating.RegisterWidthWh + wh;
            var nearTop = rating.RegisterWidthWh > 0 && (Int128)from.ValueWh * 100 >= (Int128)rating.RegisterWidthWh * Limits.RolloverNearTopPercent;
            if (!nearTop || rolled < 0 || IsSpike(rating, from, to, rolled, ms))
            {
                return VeeOutcome.RegisterFell;
            }

            energy = new(rolled);
            return VeeOutcome.Accepted;
        }

        if (ms > Limits.GapMaxDays * Instants.MsPerDay)
        {
            return VeeOutcome.GapTooLong;
        }

        return IsSpike(rating, from, to, wh, ms) ? VeeOutcome.Spike : VeeOutcome.Accepted;
    }

    /// <summary>
    /// The step in which a register seems to count, Wh: 1,000, 100 or 10 where both values are multiples of it, else 1. A difference can show up to
    /// one step more than was used.
    /// </summary>
    public static int StepOf(in Point from, in Point to)
    {
        foreach (var step in Steps)
        {
            if (from.ValueWh % step == 0 && to.ValueWh % step == 0)
            {
                return step;
            }
        }

        return 1;
    }

    private static ReadOnlySpan<int> Steps => [1_000, 100, 10];

    private static bool IsSpike(in MeterRating rating, in Point from, in Point to, long wh, long ms) =>
        rating.CapacityW == 0
            ? wh > Limits.DifferenceMaxWh
            : (Int128)(wh - (Faults.Sabotage.SpikeByStep ? 0 : StepOf(from, to))) * Instants.MsPerHour > (Int128)rating.CapacityW * ms;
}
