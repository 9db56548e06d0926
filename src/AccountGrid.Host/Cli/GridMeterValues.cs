using System.Globalization;
using AccountGrid.Client;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Client;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Cli;

/// <summary>Registers of meters, asked for by HTTP.</summary>
internal sealed class GridMeterValues(GridClient client) : IMeterValues
{
    public async Task<IReadOnlyDictionary<RegisterKind, KnownRegister>?> LastAsync(string meter)
    {
        MeterAnswer known;
        try
        {
            known = await client.GetAsync<MeterAnswer>($"/v1/meters/{Uri.EscapeDataString(meter)}");
        }
        catch (GridException e) when (e.Code == MeterRefusals.Unknown)
        {
            return null;
        }

        var hasRatio = known.Ratio is not null || known.Facts?.Any(f => f.Ratio is not null) == true;
        var last = new Dictionary<RegisterKind, KnownRegister> { [RegisterKind.Import] = new(Ms(known.At), known.RegisterWh, hasRatio) };
        foreach (var rate in known.RateRegisters ?? [])
        {
            last[RegisterCodes.RateOf(rate.Register)!.Value] = new(Ms(rate.At), rate.RegisterWh, hasRatio);
        }

        if (known.Export is { } export)
        {
            last[RegisterKind.Export] = new(Ms(export.At), export.RegisterWh, hasRatio);
        }

        return last;
    }

    public async Task<SortedList<long, KnownValue>> BetweenAsync(string meter, RegisterKind register, long fromMs, long toMs)
    {
        var days = await client.ListAsync<ExplainDay>($"/v1/meters/{Uri.EscapeDataString(meter)}/days?from={Day(fromMs, -1)}&to={Day(toMs, 1)}");
        var code = RegisterCodes.Of(register);
        var values = new SortedList<long, KnownValue>();
        foreach (var reading in days.Where(d => d.Register == code).SelectMany(d => d.Readings).Where(Counts))
        {
            values[Ms(reading.At)] = new KnownValue(reading.RegisterWh, IsEstimate(reading));
        }

        return values;
    }

    private static bool Counts(ReadingAnswer reading) => reading.Decision != "dismiss" && !Has(reading, ReadingQuality.PassedOver);

    /// <summary>Whether no file may be held to it: what a person estimated, and what is in doubt.</summary>
    private static bool IsEstimate(ReadingAnswer reading) => reading.Decision == "estimate" || Has(reading, ReadingQuality.Estimated)
        || Has(reading, ReadingQuality.Questionable) || Has(reading, ReadingQuality.Projected) || Has(reading, ReadingQuality.ClockSuspect)
        || Has(reading, ReadingQuality.Test);

    private static bool Has(ReadingAnswer reading, ReadingQuality flag) => reading.Quality.Contains(flag.ToString(), StringComparison.OrdinalIgnoreCase);

    private static long Ms(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private static string Day(long ms, int days) =>
        DateOnly.FromDateTime(Instants.ToInstant(ms).UtcDateTime).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
