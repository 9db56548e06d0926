using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Operations;

/// <summary>
/// Meters whose readings have stopped. Only the fold knows when a meter was last read, so partitions are asked, some at a time: each looks through its memory.
/// </summary>
internal sealed class SilentMeterReader(IGrainFactory grains, NpgsqlDataSource database, GridOptions options)
{
    /// <summary>Partitions that one request asks; the cursor says where to go on.</summary>
    private const int PartitionsMax = 16;

    /// <param name="gateway">Meters of one gateway; null is all.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="take">Most rows.</param>
    /// <returns>The rows by partition, account and meter, and where to go on; null is the end. There can be fewer rows, even none, before the end.</returns>
    public async Task<(List<SilentMeterAnswer> Rows, SilentMeterPlace? Next)> ReadAsync(
        DateTimeOffset since, DateTimeOffset before, string? gateway, SilentMeterPlace from, int take)
    {
        var asked = Enumerable.Range(from.Partition, Math.Clamp(options.Partitions - from.Partition, 0, PartitionsMax)).ToList();
        var answers = await Task.WhenAll(asked.Select(p =>
        {
            var (place, meter) = p == from.Partition ? (from.Place, from.Meter) : (0, 0);
            return grains.Partition(p).SilentMeters(place, meter, since.ToUnixTimeMilliseconds(), before.ToUnixTimeMilliseconds(), take + 1);
        }));
        var names = await NamesAsync([.. answers.SelectMany(a => a.Select(m => m.Meter))]);
        var rows = new List<SilentMeterAnswer>();
        for (var i = 0; i < asked.Count; i++)
        {
            foreach (var (found, n) in answers[i].Select((m, n) => (m, n)))
            {
                // More may follow than were asked for: of another gateway, too.
                if (rows.Count == take || n == take)
                {
                    var last = n == 0 ? new(asked[i], 0, 0) : new SilentMeterPlace(asked[i], answers[i][n - 1].Place, answers[i][n - 1].Meter);
                    return (rows, n == 0 && asked[i] == from.Partition ? from : last);
                }

                if (names.TryGetValue(found.Meter, out var name) && (gateway is null || name.Gateway == gateway))
                {
                    rows.Add(new(name.Meter, name.Gateway, name.Account, DateTimeOffset.FromUnixTimeMilliseconds(found.LastMs), found.LastWh));
                }
            }
        }

        var next = from.Partition + asked.Count;
        return (rows, next < options.Partitions ? new(next, 0, 0) : null);
    }

    private async Task<Dictionary<int, (string Meter, string Gateway, string Account)>> NamesAsync(int[] meters)
    {
        await using var command = database.CreateCommand(
            """
            select m.number, m.id, g.id, a.id from meter m join gateway g on g.number = m.gateway join account a on a.number = m.account
            where m.number = any($1)
            """);
        Statements.Add(command, [meters]);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new Dictionary<int, (string, string, string)>();
        while (await reader.ReadAsync())
        {
            names[reader.GetInt32(0)] = (reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }

        return names;
    }
}
