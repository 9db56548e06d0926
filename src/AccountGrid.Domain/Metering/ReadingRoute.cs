using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Where a reading belongs by its time.</summary>
internal static class ReadingRoute
{
    /// <summary>Folds a reading that is not plain. Null when done; else what must be there first.</summary>
    internal static DaysNeeded? Follow(FoldContext context, in Reading reading)
    {
        if (Route(context, reading, out var meter) is { } forwardTo)
        {
            Forward(context, reading, forwardTo);
        }
        else if (meter is not null)
        {
            if (meter.LineOf(reading.Register) is { } line)
            {
                return MeterReadings.Take(context, line, reading);
            }
            else if (reading.Register == RegisterKind.Export)
            {
                TakeSide(context, meter, reading);
            }
            else
            {
                RefuseRegister(context, meter, reading);
            }
        }

        return null;
    }

    /// <summary>Whose reading it is by its time: a meter here, or the partition to pass it to, or nobody's (an exception).</summary>
    private static int? Route(FoldContext context, in Reading reading, out MeterState? meter)
    {
        meter = null;
        if (context.State.FindMeter(reading.Meter) is not { } current)
        {
            ReadingExceptions.RaiseUnapplied(context, reading, 0, VeeOutcome.BeforeInstallation, "The meter is not known in this partition.");
            return null;
        }

        for (var m = current; m is not null; m = m.Former)
        {
            if (m.Covers(reading.TimeMs))
            {
                meter = m;
                return null;
            }
        }

        var nearest = current;
        while (nearest.Former is { } former && reading.TimeMs < nearest.FromMs)
        {
            nearest = former;
        }

        var before = reading.TimeMs < nearest.FromMs;
        var next = before ? nearest.PreviousPartition : nearest.NextPartition;
        if (next >= 0 && !(before && next == context.State.Partition))
        {
            // To this very partition too: its own record of the arrival is still on its way through the log.
            return next;
        }

        ReadingExceptions.RaiseUnapplied(context, reading, nearest.Account?.Number ?? 0, before ? VeeOutcome.BeforeInstallation : VeeOutcome.AfterRemoval,
            null);
        return null;
    }

    private static void Forward(FoldContext context, in Reading reading, int toPartition) =>
        context.Effects.Transfers.Add(new TransferEffect(context.Position, toPartition, 1, LogRecords.Encode(context.NowMs, reading)));

    /// <summary>One exception for each register in the time of an installation: its last value is enough to see that it comes.</summary>
    internal static void RefuseRegister(FoldContext context, MeterState meter, in Reading reading) =>
        ReadingExceptions.RaiseUnapplied(context, reading with { TimeMs = meter.FromMs }, meter.Account?.Number ?? 0, VeeOutcome.RegisterNotCharged,
            reading.Register == RegisterKind.Export
                ? "The meter's installation does not say that it measures export: 2.8.0 is credited nothing. Assign it to its account again with exportWh."
            : reading.Register == RegisterKind.Reactive
                ? "The meter's installation does not say that it measures reactive energy: 3.8.0 makes no power factor. Assign it to its account again with "
                    + "reactiveVarh."
            : meter.Rates is { } rates
                ? $"The meter is charged by its rate registers 1.8.1 to {RegisterCodes.Of(rates[^1].Register)}."
                : "The meter is charged by 1.8.0; one that is charged by its rate registers says so when it is installed.");

    private static void TakeSide(FoldContext context, MeterState meter, in Reading reading)
    {
        meter.Side ??= new SideRegister[6];
        ref var side = ref meter.Side[(int)reading.Register];
        if (reading.TimeMs > side.TimeMs)
        {
            if (reading.ValueWh > 0 && side.ValueWh == 0)
            {
                RefuseRegister(context, meter, reading);
            }

            side = new SideRegister(reading.TimeMs, reading.ValueWh);
            if (meter.Account is { } account)
            {
                context.State.Touch(account, context.Position);
            }
            else
            {
                context.State.DirtyLooseMeters.Add(meter);
            }
        }
    }

    internal static void TakeLoose(FoldContext context, MeterState meter, in Reading reading)
    {
        if (reading.TimeMs > meter.Last.TimeMs)
        {
            var point = MeterReadings.PointOf(reading);
            meter.Held += new Energy(meter.IsCharged ? meter.Rating.EnergyWh(meter.Last, point, point.ValueWh) : 0);
            meter.Last = point;
            context.Effects.Exceptions[new ExceptionKey(meter.Number, meter.FromMs, VeeOutcome.Unassigned, meter.Register)] =
                new ExceptionEffect(
                    context.Position, 0, Open: true, reading.ValueWh, meter.Held.Wh, "The meter is on no account; its energy is held.",
                    ReadingExceptions.HasMoved(context, meter));
        }

        meter.LastArrivalMs = context.NowMs;
        context.State.DirtyLooseMeters.Add(MeterOf(context, meter));
    }

    /// <summary>The meter that a line is one of, in the time that the line is of.</summary>
    private static MeterState MeterOf(FoldContext context, MeterState line)
    {
        var meter = context.State.FindMeter(line.Number);
        while (meter is not null && !meter.Lines.Contains(line))
        {
            meter = meter.Former;
        }

        return meter ?? line;
    }
}
