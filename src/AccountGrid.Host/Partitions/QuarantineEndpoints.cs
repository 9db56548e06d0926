using System.Security.Claims;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>Records that could not be folded: seen, and replayed or dismissed by a person, never forgotten.</summary>
internal static class QuarantineEndpoints
{
    private const string Tag = "quarantine";

    public static void MapQuarantine(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/quarantine").WithTags("Operations");
        g.MapGet("/", ListAsync).RequireAuthorization(Permissions.Inspect).WithSummary("Records that could not be folded, the unresolved first.")
            .Produces<Page<QuarantineAnswer>>();
        g.MapPost("/{partition:int}/{position:long}", ResolveAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Replays or dismisses records that were quarantined.").ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, NpgsqlDataSource database, PostgresLog log)
    {
        var take = Requests.Limit(limit);
        await using var command =
            database.CreateCommand(
                """
                select partition, position, record_count, created_at, cause, resolved_at, resolved_by, resolution from quarantined_record
                where not $1 or (resolved_at is not null) > $2
                  or ((resolved_at is not null) = $2 and (created_at < $3 or (created_at = $3 and (partition, position) > ($4, $5))))
                order by resolved_at is not null, created_at desc, partition, position limit $6
                """);
        var after = ListCursor.Read(cursor, Tag, 4);
        Statements.Add(
            command, after is not null, after?[0] == "resolved", after is null ? DateTime.UnixEpoch : Pages.Time(after[1]),
            after is null ? 0 : (int)ListCursor.Number(after[2]), after is null ? 0L : ListCursor.Number(after[3]), take + 1);
        var rows = new List<QuarantineAnswer>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
                rows.Add(new QuarantineAnswer(
                    reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4), null, null,
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), Text(6), Text(7)));
            }
        }

        for (var i = 0; i < Math.Min(rows.Count, take); i++)
        {
            if (await EntryOfAsync(log, rows[i].Partition, rows[i].Position) is { } entry)
            {
                var (text, account) = Describe(entry, rows[i].Position);
                rows[i] = rows[i] with { Record = text, Account = account };
            }
        }

        return TypedResults.Ok(Pages.Of(rows, take, r => ListCursor.Of(
            Tag, r.ResolvedAt is null ? "open" : "resolved", Pages.Text(r.At), $"{r.Partition}", $"{r.Position}")));
    }

    private static async Task<IResult> ResolveAsync(int partition, long position, ResolveRequest body, ClaimsPrincipal user, NpgsqlDataSource database,
        PostgresLog log)
    {
        if (body.Action is not ("replay" or "dismiss"))
        {
            return Problems.Of(QuarantineRefusals.ActionInvalid, $"action: '{body.Action}' is not replay or dismiss.");
        }

        if (string.IsNullOrWhiteSpace(body.Reason) || Requests.CheckText("reason", body.Reason) is not null)
        {
            return Problems.Of(RequestRefusals.TextInvalid, "reason: it is missing or too long.");
        }

        var entry = await EntryOfAsync(log, partition, position);
        if (WhyNot(body.Action, partition, position, entry) is { } refusal)
        {
            return Problems.Of(refusal);
        }

        var records = body.Action == "replay" ? entry!.Value.Payload.ToArray() : null;

        // One transaction: resolved and appended, or neither. The key lets it be appended once.
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var resolve =
            new NpgsqlCommand(
                "update quarantined_record set resolved_at = now(), resolved_by = $3, resolution = $4 where partition = $1 and position = $2 and resolved_at "
                    + "is null returning record_count", connection, transaction);
        Statements.Add(resolve, partition, position, user.Person(), $"{body.Action}: {body.Reason}");
        if (await resolve.ExecuteScalarAsync() is not int count)
        {
            return Problems.Of(QuarantineRefusals.NotOpen, $"No unresolved record {position} of partition {partition} was quarantined.");
        }

        if (records is not null)
        {
            LogAppend[] replay = [new LogAppend(partition, count, records, new LogKey($"replay:{position}", BitConverter.GetBytes(position)))];

            // A log on another server has a transaction of its own: it comes first, and its key makes a repetition harmless.
            await (log.Servers.IndexOf(partition) == 0 ? PostgresLog.AppendInAsync(connection, transaction, replay) : log.AppendAsync(replay));
        }

        await transaction.CommitAsync();
        log.Announce([partition]);
        return TypedResults.Ok(new { partition, position, count, resolution = body.Action });
    }

    private static async Task<LogEntry?> EntryOfAsync(PostgresLog log, int partition, long position)
    {
        var batch = await log.ReadAsync(partition, position, 1);
        var found = batch?.Entries.Where(e => e.FirstPosition <= position && position < e.FirstPosition + e.Count).Select(e => (LogEntry?)e).FirstOrDefault();
        return found;
    }

    private static Refusal? WhyNot(string action, int partition, long position, LogEntry? entry) => (action, entry) switch
    {
        ("dismiss", { } e) when e.FirstPosition == position && IsTransfer(e) => new(
            QuarantineRefusals.Transfer,
            $"Record {position} of partition {partition} brings money or a meter that has left another account; dismissed, it would be lost."),
        ("dismiss", _) => null,
        (_, null) => new(QuarantineRefusals.RecordGone, $"Record {position} of partition {partition} is no longer in the log."),
        (_, { } e) when e.FirstPosition != position => new(
            QuarantineRefusals.PartOfAppend,
            $"Record {position} is part of an append whose other records were folded. Enter its content by the API, and dismiss it."),
        _ => null,
    };

    /// <summary>
    /// Whether an append brings what has left another account. No request of the API can enter it, so it can only be replayed. Such a record is always alone.
    /// </summary>
    private static bool IsTransfer(LogEntry entry)
    {
        try
        {
            var reader = new LogRecords.Reader(entry.Payload.Span);
            return reader.Next() && reader.Command is ReceiveTransfer or ReturnTransfer or ReceiveMeter;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            return false;
        }
    }

    private static (string? Text, int? Account) Describe(LogEntry entry, long position)
    {
        try
        {
            var reader = new LogRecords.Reader(entry.Payload.Span);
            for (var at = entry.FirstPosition; reader.Next(); at++)
            {
                if (at == position)
                {
                    return reader.Command is { } command
                        ? (System.Text.Encoding.UTF8.GetString(command.ToBytes()), (command as AccountCommand)?.Account)
                        : (reader.Reading.ToString(), null);
                }
            }
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            // It cannot be read: that is why it is here.
        }

        return (Convert.ToHexStringLower(entry.Payload.Span[..Math.Min(entry.Payload.Length, 200)]), null);
    }
}
