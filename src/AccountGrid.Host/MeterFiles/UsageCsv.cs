using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Csv;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Usage as CSV; the header has the zone of the times and the unit of the energy.</summary>
internal static class UsageCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    public static string Write(Usage usage) => CsvText.Of(
        ["meter", "register", $"start ({usage.Zone.Id})", $"end ({usage.Zone.Id})", "energy (Wh)", "register (Wh)", "quality"],
        usage.Rows.Select(r => new object?[]
        {
            CsvSafe.Of(r.Meter), RegisterCodes.Of(r.Register), Local(usage, r.StartMs), Local(usage, r.EndMs), r.EnergyWh, r.RegisterWh, QualityOf(r.Quality)
        }));

    /// <summary>As answers of readings have it.</summary>
    public static string QualityOf(ReadingQuality quality) => quality == ReadingQuality.None ? "valid" : quality.ToString().ToLowerInvariant();

    private static string Local(Usage usage, long ms) =>
        TimeZoneInfo.ConvertTime(Instants.ToInstant(ms), usage.Zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
