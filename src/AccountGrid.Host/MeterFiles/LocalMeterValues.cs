using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Registers of meters, asked for within the grid.</summary>
/// <param name="gateway">Number of the gateway whose meters may be asked for; 0 is any.</param>
internal sealed class LocalMeterValues(IGrainFactory grains, GridDirectory directory, int gateway) : IMeterValues
{
    private const ReadingQuality Doubt = ReadingQuality.InDoubt;

    public async Task<IReadOnlyDictionary<RegisterKind, KnownRegister>?> LastAsync(string meter)
    {
        if (await directory.FindMeterAsync(meter) is not { } address || (gateway != 0 && address.Gateway != gateway)
            || await grains.GetGrain<IMeterGrain>(meter).Get() is not { } view)
        {
            return null;
        }

        var hasRatio = !MeterRatios.IsOne(view);
        var last = new Dictionary<RegisterKind, KnownRegister> { [RegisterKind.Import] = new(view.RegisterMs, view.RegisterWh, hasRatio) };
        foreach (var (index, rate) in view.RateRegisters.Index())
        {
            last[RegisterCodes.RateAt(index)] = new(rate.TimeMs, rate.ValueWh, hasRatio);
        }

        if (view.Export is { } export)
        {
            last[RegisterKind.Export] = new(export.TimeMs, export.ValueWh, hasRatio);
        }

        return last;
    }

    public async Task<SortedList<long, KnownValue>> BetweenAsync(string meter, RegisterKind register, long fromMs, long toMs)
    {
        var values = new SortedList<long, KnownValue>();
        foreach (var day in await grains.GetGrain<IMeterGrain>(meter).Days(DayOf(fromMs) - 1, DayOf(toMs) + 1))
        {
            foreach (var point in day.Register == (int)register ? day.Points : [])
            {
                var (quality, decision) = ((ReadingQuality)point.Quality, (ReadingDecision)point.Decision);
                if ((quality & ReadingQuality.PassedOver) == 0 && (point.Decision == 0 || decision != ReadingDecision.Dismiss))
                {
                    values[point.TimeMs] =
                        new KnownValue(point.ValueWh, (quality & Doubt) != 0 || (point.Decision != 0 && decision == ReadingDecision.Estimate));
                }
            }
        }

        return values;
    }

    private static int DayOf(long ms) => DateOnly.FromDateTime(Instants.ToInstant(ms).UtcDateTime).DayNumber;
}
