using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Exceptions of readings: opened, resolved.</summary>
internal static class ReadingExceptions
{
    internal static void Raise(FoldContext context, MeterState meter, AccountState account, in Point at, VeeOutcome outcome, long heldWh,
        string? detail = null) =>
        context.Effects.Exceptions[new ExceptionKey(meter.Number, at.TimeMs, outcome, meter.Register)] =
            new ExceptionEffect(context.Position, account.Number, Open: true, at.ValueWh, heldWh, detail, HasMoved(context, meter));

    internal static void Resolve(FoldContext context, MeterState meter, AccountState account, in Point at, VeeOutcome outcome) =>
        context.Effects.Exceptions[new ExceptionKey(meter.Number, at.TimeMs, outcome, meter.Register)] =
            new ExceptionEffect(context.Position, account.Number, Open: false, at.ValueWh, 0, null, HasMoved(context, meter));

    internal static void RaiseUnapplied(FoldContext context, in Reading reading, int account, VeeOutcome outcome, string? detail) =>
        context.Effects.Exceptions[new ExceptionKey(reading.Meter, reading.TimeMs, outcome, reading.Register)] =
            new ExceptionEffect(context.Position, account, Open: true, reading.ValueWh, 0, detail, HasMoved(context, context.State.FindMeter(reading.Meter)));

    /// <summary>Whether a meter came from another partition, which may have raised an exception for the same reading.</summary>
    internal static bool HasMoved(FoldContext context, MeterState? meter)
    {
        // The line of a rate register does not know of earlier times; its meter does.
        var first = meter is { Register: not RegisterKind.Import } ? context.State.FindMeter(meter.Number) : meter;
        for (var m = first; m is not null; m = m.Former)
        {
            if (m.PreviousPartition >= 0 && m.PreviousPartition != context.State.Partition)
            {
                return true;
            }
        }

        return false;
    }
}
