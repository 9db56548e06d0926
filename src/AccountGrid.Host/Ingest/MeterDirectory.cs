using System.Collections.Concurrent;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// The ingest endpoint's map of all meters: loaded in bulk, kept up by looking for changes, and checked against the database for a meter that it does not
/// know. Ids are kept as 64-bit hashes; registration refuses a second id with the same one.
/// </summary>
public sealed partial class MeterDirectory(NpgsqlDataSource database, IGrainFactory grains, TimeProvider time,
    ILogger<MeterDirectory> logger) : BackgroundService
{
    /// <summary>Changes are numbered when they are written, not when they are committed: look back this far for late ones.</summary>
    private const long VersionOverlap = 10_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>An id that the database did not know is not asked for again so soon.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMilliseconds(200);

    /// <summary>Unknown ids remembered; a gateway that sends rubbish fills no more memory than this.</summary>
    private const int UnknownMax = 10_000;

    private readonly MeterRouteTable _routes = new();
    private readonly ConcurrentDictionary<ulong, long> _unknown = new();
    private long _version;

    public int Count => _routes.Count;

    public bool TryFind(ulong idHash, out MeterRoute route) => _routes.TryFind(idHash, out route);

    public void Put(string id, MeterRoute route) => _routes.Put(IdHash.Of(id), route);

    /// <summary>
    /// Asks the database for ids that the map does not know, once for all of a batch. An id counts as unknown only once that is known: one whose row does not
    /// say yet that it is installed is asked after in its partition, whose log has the last word. Throws what either says while it cannot answer.
    /// </summary>
    public async Task LookUpAsync(IReadOnlyCollection<ulong> idHashes)
    {
        var ask = idHashes.Where(h => !_unknown.TryGetValue(h, out var at) || time.GetElapsedTime(at) > UnknownFor).Select(h => unchecked((long)h)).ToArray();
        if (ask.Length == 0)
        {
            return;
        }

        var begun = new List<(ulong Hash, MeterRoute Route)>();
        const string Sql = "select id_hash, number, partition, gateway, installed, rate_registers from meter where id_hash = any($1)";
        await using (var command = database.CreateCommand(Sql))
        {
            command.Parameters.Add(new() { Value = ask });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var (hash, route) = (unchecked((ulong)reader.GetInt64(0)), RouteOf(reader, 5));
                if (reader.GetBoolean(4))
                {
                    _routes.Put(hash, route);
                }
                else
                {
                    begun.Add((hash, route));
                }
            }
        }

        await Parallel.ForEachAsync(begun, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (b, _) =>
        {
            if (await grains.Partition(b.Route.Partition).Meter(b.Route.Meter) is { } meter)
            {
                _routes.Put(b.Hash, b.Route with { RateRegisters = (byte)meter.RateRegisters.Count });
            }
        });
        Remember(ask);
    }

    private void Remember(IEnumerable<long> asked)
    {
        var now = time.GetTimestamp();
        foreach (var hash in asked.Where(h => !_routes.TryFind(unchecked((ulong)h), out _)))
        {
            if (_unknown.Count >= UnknownMax)
            {
                _unknown.Clear();
            }

            _unknown[unchecked((ulong)hash)] = now;
        }
    }

    public async Task LoadAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select id_hash, number, partition, gateway, route_version, rate_registers from meter where route_version > $1 and installed");
        command.Parameters.Add(new() { Value = _version - VersionOverlap });
        _version = Math.Max(_version, await ReadAsync(command, cancel));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LoadAsync(stoppingToken);
                await Task.Delay(Period, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
            {
                LoadFailed(logger, e);
                await Task.Delay(Period, time, CancellationToken.None);
            }
        }
    }

    private async Task<long> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        long version = 0;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var hash = unchecked((ulong)reader.GetInt64(0));
            _routes.Put(hash, RouteOf(reader, 5));
            _unknown.TryRemove(hash, out _);
            version = Math.Max(version, reader.GetInt64(4));
        }

        return version;
    }

    private static MeterRoute RouteOf(NpgsqlDataReader reader, int rateRegisters) =>
        new(reader.GetInt32(1), (short)reader.GetInt32(2), reader.GetInt32(3), (byte)reader.GetInt16(rateRegisters));

    [LoggerMessage(3001, LogLevel.Warning, "The routes of meters could not be refreshed. The process tries again.")]
    private static partial void LoadFailed(ILogger logger, Exception cause);
}
