using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>One partition's log, read again from its first kept record: what each meter must know, and what each account was paid.</summary>
internal sealed class AuditLog
{
    /// <summary>Readings by meter, register and time: a measured value before an estimate, then the higher revision, then the lower value.</summary>
    public Dictionary<(int Meter, RegisterKind Register), SortedDictionary<long, (long ValueWh, (bool IsMeasured, byte Revision) Rank)>> Readings { get; } = [];

    /// <summary>Commands with their positions.</summary>
    public List<(long Position, GridCommand Command)> Commands { get; } = [];

    /// <summary>Whether the log is kept from its very first record.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Position of the first record that is kept; null where none is.</summary>
    public long? First { get; private set; }

    /// <summary>Defects of the log itself.</summary>
    public List<string> Defects { get; } = [];

    public long Records { get; private set; }

    public static async Task<AuditLog> ReadAsync(NpgsqlConnection snapshot, int partition, long before, IReadOnlySet<long> quarantined)
    {
        var log = new AuditLog();
        await using var command =
            new NpgsqlCommand(
                "select first_position, record_count, payload from log_batch where partition = $1 and first_position < $2 order by first_position", snapshot);
        command.Parameters.Add(new() { Value = partition });
        command.Parameters.Add(new() { Value = before });
        await using var reader = await command.ExecuteReaderAsync();
        long? next = null;
        while (await reader.ReadAsync())
        {
            var first = reader.GetInt64(0);
            log.IsWhole |= next is null && first == 0;
            log.First ??= first;
            if (next is not null && next != first)
            {
                log.Defects.Add($"partition {partition}: the log goes from {next} to {first}");
            }

            next = first + reader.GetInt32(1);
            foreach (var entry in LogRow.Entries((byte[])reader[2], first, reader.GetInt32(1)))
            {
                log.Take(entry, before, quarantined);
            }
        }

        log.IsWhole |= next is null && before == 0;
        return log;
    }

    /// <summary>Passes over a record that was quarantined; false if not even its length can be read.</summary>
    public static bool TryPass(ref LogRecords.Reader reader)
    {
        try
        {
            return reader.Next();
        }
        catch (System.Text.Json.JsonException)
        {
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Times of meters' registers that commands brought or decided about.</summary>
    public HashSet<(int Meter, long Ms)> TimesOfCommands() =>
        [
            .. Commands.SelectMany(c => c.Command switch
            {
                ReceiveMeter r => r.Points.Select(p => (r.Meter, p.TimeMs)).Append((r.Meter, r.FromMs)),
                ReleaseMeter r => [(r.Meter, r.AtMs)],
                ExchangeMeter x => [(x.Meter, x.AtMs), (x.NewMeter, x.AtMs)],
                InstallMeter i => [(i.Meter, i.FromMs)],
                DecideReading d => [(d.Meter, d.AtMs)],
                EstimateReading e => [(e.Meter, e.AtMs)],
                _ => Enumerable.Empty<(int, long)>(),
            })];

    private void Take(LogEntry entry, long before, IReadOnlySet<long> quarantined)
    {
        if (quarantined.Contains(entry.FirstPosition) && entry.Payload.Length > 0 && entry.Payload.Span[0] != 1)
        {
            return;
        }

        var reader = new LogRecords.Reader(entry.Payload.Span);
        for (var position = entry.FirstPosition; position < Math.Min(before, entry.FirstPosition + entry.Count); position++)
        {
            if (quarantined.Contains(position))
            {
                if (!TryPass(ref reader))
                {
                    return;
                }

                continue;
            }

            if (!reader.Next())
            {
                return;
            }

            Records++;
            if (reader.Command is { } command)
            {
                Commands.Add((position, command));
            }
            else
            {
                var r = reader.Reading;
                var known = Readings.TryGetValue((r.Meter, r.Register), out var points) ? points : Readings[(r.Meter, r.Register)] = [];
                var rank = (!AuditLine.IsEstimate(new Point(r.TimeMs, r.ValueWh, r.Quality)), r.Revision);
                if (!known.TryGetValue(r.TimeMs, out var old)
                    || rank.CompareTo(old.Rank) is var order && (order > 0 || (order == 0 && r.ValueWh < old.ValueWh)))
                {
                    known[r.TimeMs] = (r.ValueWh, rank);
                }
            }
        }
    }
}
