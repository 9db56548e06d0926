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
        VeeOutcome.RegisterNotCharged => ReadingRefusals.RegisterNotCharged,
        VeeOutcome.ExportNotCredited => ReadingRefusals.ExportNotCredited,
        VeeOutcome.CapacityMissing => ReadingRefusals.CapacityMissing,
        VeeOutcome.RegistersDisagree => ReadingRefusals.RegistersDisagree,
        _ => throw new InvariantBrokenException($"No code for validation outcome {outcome}."),
    };

    /// <summary>
    /// Judges the difference between two neighbouring points: a pure function of the two and of the meter's rating, so the order in
    /// which points became known does not matter. A fall from the last tenth of the register's width to a plausible start is a rollover. What a person
    /// decided about the later value holds up to what the register had counted when they saw it, whatever its ratio is.
    /// </summary>
    /// <param name="energy">The energy of the difference: charged where accepted, else held; negative where the register fell, zero where that is
    /// settled.</param>
    public static VeeOutcome Judge(in MeterRating rating, in Point from, in Point to, out Energy energy)
    {
        var wh = rating.EnergyWh(from, to, to.ValueWh);
        var ms = to.TimeMs - from.TimeMs;
        energy = new(wh);
        if (to.ValueWh < from.ValueWh)
        {
            return JudgeFall(rating, from, to, ref energy);
        }

        if (to.Decision is { Kind: ReadingDecision.Accept } accepted && to.ValueWh - from.ValueWh <= accepted.Wh)
        {
            return VeeOutcome.Accepted;
        }

        if (ms > Limits.GapMaxDays * Instants.MsPerDay)
        {
            return VeeOutcome.GapTooLong;
        }

        return IsSpike(rating, from, to, wh, ms) ? VeeOutcome.Spike : VeeOutcome.Accepted;
    }

    private static VeeOutcome JudgeFall(in MeterRating rating, in Point from, in Point to, ref Energy energy)
    {
        var width = rating.At(to.TimeMs).RegisterWidthWh;
        var canRoll = width > 0 && width + to.ValueWh >= from.ValueWh;
        var rolled = canRoll ? rating.EnergyWh(from, to, to.ValueWh + width) : -1;
        if (DecidedFall(to, to.ValueWh - from.ValueWh, canRoll ? width + to.ValueWh - from.ValueWh : -1) is { } decided)
        {
            energy = decided == VeeOutcome.Accepted ? new(rolled) : Energy.Zero;
            return decided;
        }

        var nearTop = width > 0 && (Int128)from.ValueWh * 100 >= (Int128)width * Limits.RolloverNearTopPercent;
        if (!nearTop || !canRoll || IsSpike(rating, from, to, rolled, to.TimeMs - from.TimeMs))
        {
            return VeeOutcome.RegisterFell;
        }

        energy = new(rolled);
        return VeeOutcome.Accepted;
    }

    private static VeeOutcome? DecidedFall(in Point to, long wh, long rolled) => to.Decision switch
    {
        { Kind: ReadingDecision.Rollover } d when rolled >= 0 && rolled <= d.Wh => VeeOutcome.Accepted,
        { Kind: ReadingDecision.SetBack } d when -wh <= d.Wh => VeeOutcome.Settled,
        _ => null,
    };

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

    private static bool IsSpike(in MeterRating rating, in Point from, in Point to, long wh, long ms)
    {
        var capacityW = rating.At(to.TimeMs).CapacityW;
        var stepWh = Faults.Sabotage.SpikeByStep ? 0 : rating.StepWh(from, to, StepOf(from, to));
        return capacityW == 0 ? wh > Limits.DifferenceMaxWh : (Int128)(wh - stepWh) * Instants.MsPerHour > (Int128)capacityW * ms;
    }
}
