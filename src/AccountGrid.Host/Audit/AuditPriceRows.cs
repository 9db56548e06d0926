using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Reads price series for the audit.</summary>
internal static class AuditPriceRows
{
    /// <summary>All series of the database by id.</summary>
    /// <param name="book">The same series for the fold's code, which stored states and a log that is folded again need.</param>
    public static async Task<Dictionary<string, AuditPrices>> ReadAsync(NpgsqlConnection connection, PriceBook book)
    {
        await PriceCatalog.ReadAsync(connection, book, 0, (_, _) => { });
        var series = new Dictionary<string, AuditPrices>();
        await using (var command = new NpgsqlCommand("select definition::text from price_series", connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var definition = JsonSerializer.Deserialize<PriceSeriesDefinition>(reader.GetString(0), TariffCatalog.Json)!;
                series[definition.Id] = new AuditPrices(definition);
            }
        }

        await using var rows = new NpgsqlCommand(
            """
            select p.series, p.number, r.day, r.interval::int, r.micro from price_publication p
            cross join unnest(p.days, p.intervals, p.prices_micro) as r(day, interval, micro) order by p.number
            """, connection);
        await using var published = await rows.ExecuteReaderAsync();
        while (await published.ReadAsync())
        {
            series[published.GetString(0)].Add(
                published.GetInt32(1), published.GetFieldValue<DateOnly>(2), published.GetInt32(3), published.GetInt64(4) / 1_000_000m);
        }

        return series;
    }
}
