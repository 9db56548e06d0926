using AccountGrid.Domain;
using AccountGrid.Host.Exports;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Usage as a table: an account's load profile, with the registers that it comes from.</summary>
internal static class UsageTable
{
    public static ExportTable Of(Usage usage) => new("load-profile",
        [
            new("meter", ExportType.Text), new("register", ExportType.Text), new("start", ExportType.Instant, "UTC"), new("end", ExportType.Instant, "UTC"),
            new("energy", ExportType.Whole, "Wh"), new("register_value", ExportType.Whole, "Wh"), new("quality", ExportType.Text),
        ],
        usage.Rows.Select(r => new object?[]
        {
            r.Meter, RegisterCodes.Of(r.Register), Instants.ToInstant(r.StartMs), Instants.ToInstant(r.EndMs), r.EnergyWh, r.RegisterWh,
            UsageCsv.QualityOf(r.Quality),
        }).ToAsyncEnumerable(), usage.Zone.Id);
}
