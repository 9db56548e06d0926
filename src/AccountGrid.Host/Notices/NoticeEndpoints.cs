using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Notices;

/// <summary>Messages of an account, a provider's later word on delivery, and what is parked.</summary>
internal static class NoticeEndpoints
{
    public static void MapNotices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/accounts/{id}/notices", ListAsync).WithTags("Notices").RequireAuthorization(Permissions.Query)
            .WithSummary("Messages to the customer, newest first.").Produces<Page<NoticeAnswer>>().ProducesProblem(404);
        routes.MapPost("/v1/notices/{id}/delivery", ReportAsync).WithTags("Notices").RequireAuthorization(Permissions.Pay)
            .WithSummary("A provider's word on a message that it took over: delivered, or failed.").Produces<DeliveryAnswer>().ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(422);
        routes.MapGet("/v1/notices/parked", ParkedAsync).WithTags("Notices").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Messages that no channel took.").Produces<Page<NoticeAnswer>>();
        routes.MapPost("/v1/notices/{id}/replay", ReplayAsync).WithTags("Notices").RequireAuthorization(Permissions.Administer)
            .WithSummary("Sends a parked message again, under its id, from the first channel on.").ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(string id, int? limit, string? cursor, GridDirectory directory, NpgsqlDataSource database)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("notices", id));
        var (beforeMs, beforeId) = PlaceOf(cursor, tag) ?? (long.MaxValue, "");
        return TypedResults.Ok(PageOf(
            await ReadAsync(database, "where partition = $1 and account = $2 and (created_ms, id) < ($3, $4) order by created_ms desc, id desc limit $5",
                address.Partition, address.Number, beforeMs, beforeId, take + 1), take, tag));
    }

    private static async Task<IResult> ParkedAsync(int? limit, string? cursor, NpgsqlDataSource database)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("parked"));
        var (afterMs, afterId) = PlaceOf(cursor, tag) ?? (long.MinValue, "");
        return TypedResults.Ok(PageOf(
            await ReadAsync(
                database, "where state in ('parked', 'failed') and (created_ms, id) > ($1, $2) order by created_ms, id limit $3", afterMs, afterId, take + 1),
            take, tag));
    }

    private static (long AtMs, string Id)? PlaceOf(string? cursor, string tag) =>
        ListCursor.Read(cursor, tag, 2) is [var at, var id] ? (ListCursor.Number(at), id) : null;

    private static Page<NoticeAnswer> PageOf(IReadOnlyList<NoticeAnswer> rows, int take, string tag) => Pages.Of(
        rows, take, n => ListCursor.Of(tag, n.At.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), n.Id));

    private static async Task<IResult> ReportAsync(string id, DeliveryRequest body, NpgsqlDataSource database, IPartitionLog log, TimeProvider time)
    {
        if (body.State is not ("delivered" or "failed"))
        {
            return Problems.Of(CustomerRefusals.NoticeStateInvalid, $"state: '{body.State}' is not delivered or failed.");
        }

        if (Requests.CheckText("channel", body.Channel) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        await using var find = database.CreateCommand(
            """
            select o.account, o.partition, o.body ? 'policy', o.handed::text, o.state from account a join outbox o on o.partition = a.partition
              and o.account = a.number
            where o.id = $1 and a.number = $2
            """);
        Statements.Add(find, id, DerivedId.AccountOf(id));
        Handed notice;
        await using (var reader = await find.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
            {
                return Problems.Of(CustomerRefusals.NoticeUnknown, $"There is no message '{id}'.");
            }

            notice = new Handed(reader.GetInt32(0), reader.GetInt32(1), reader.GetBoolean(2),
                JsonSerializer.Deserialize<List<HandOver>>(reader.GetString(3), JsonSerializerOptions.Web)!, reader.GetString(4));
        }

        var channels = notice.To.Select(h => h.Channel).Distinct().ToList();
        var channel = body.Channel ?? (channels.Count == 1 ? channels[0] : null);
        if (channels.Count == 0 || (channel is not null && !channels.Contains(channel)))
        {
            return Problems.Of(
                CustomerRefusals.NoticeNotHandedOver,
                $"Message '{id}' was never sent to {(body.Channel is null ? "a channel" : $"channel '{body.Channel}'")}, so it cannot have been delivered.");
        }

        if (channel is null)
        {
            return Problems.Of(
                CustomerRefusals.NoticeChannelNeeded,
                $"channel: '{id}' was handed to {string.Join(" and ", channels)}; say which of them speaks.");
        }

        return body.State == "delivered"
            ? await ProveAsync(id, notice, channel, body.At, database, log, time)
            : await FailAsync(id, notice, channel, body.At, database, time);
    }

    private static async Task<IResult> ProveAsync(string id, Handed notice, string channel, DateTimeOffset? said, NpgsqlDataSource database, IPartitionLog log,
        TimeProvider time)
    {
        // A provider's clock proves nothing from before the message was with it, nor from the future.
        var (now, first) = (time.GetUtcNow(), Instants.ToInstant(notice.To.First(h => h.Channel == channel).AtMs));
        var at = said is { } word && word < now ? (word < first ? first : word) : now;
        if (notice.HasPolicy)
        {
            await OutboxDispatcher.ReportDeliveryAsync(log, notice.Partition, notice.Account, id, channel, at.ToUnixTimeMilliseconds());
        }

        await ExecuteAsync(
            database,
            "update outbox set state = 'delivered', delivered_at = $3, delivered_by = $4, claim_token = null where partition = $1 and id = $2 and state <> "
                + "'delivered'",
            notice.Partition, id, at.UtcDateTime, channel);
        return TypedResults.Ok(new DeliveryAnswer(id, "delivered", true));
    }

    /// <summary>
    /// A failure is of the attempt that it speaks of: what was handed over again since, on this channel or another, or is delivered, it does not undo.
    /// </summary>
    private static async Task<IResult> FailAsync(string id, Handed notice, string channel, DateTimeOffset? said, NpgsqlDataSource database, TimeProvider time)
    {
        var last = notice.To[^1];
        var isOfLast = last.Channel == channel && (notice.To.Count(h => h.Channel == channel) == 1 || said >= Instants.ToInstant(last.AtMs));

        // The next channel's turn; on the last one a person is to see it.
        var counted = isOfLast && await ExecuteAsync(
            database,
            """
            update outbox set last_error = 'The provider reports that it failed.', attempts = 0, next_attempt_at = $3,
              channel_index = least(channel_index + 1, jsonb_array_length(channels) - 1),
                state = case when channel_index + 1 < jsonb_array_length(channels) then 'queued' else 'failed' end
            where partition = $1 and id = $2 and state = 'sent' and jsonb_array_length(handed) = $4
            """,
            notice.Partition, id, time.GetUtcNow().UtcDateTime, notice.To.Count) == 1;
        return TypedResults.Ok(new DeliveryAnswer(id, counted ? "failed" : notice.State, counted));
    }

    private static async Task<IResult> ReplayAsync(string id, NpgsqlDataSource database, TimeProvider time) =>
        await ExecuteAsync(
            database,
            """
            update outbox o set state = 'queued', attempts = 0, channel_index = 0, next_attempt_at = $3 from account a
            where a.number = $2 and o.partition = a.partition and o.id = $1 and o.state in ('parked', 'failed')
            """,
            id, DerivedId.AccountOf(id), time.GetUtcNow().UtcDateTime) == 1
            ? TypedResults.Ok(new { id, state = "queued" })
            : Problems.Of(CustomerRefusals.NoticeUnknown, $"There is no parked message '{id}'.");

    /// <summary>A message as far as it was handed over.</summary>
    private sealed record Handed(int Account, int Partition, bool HasPolicy, List<HandOver> To, string State);

    private sealed record HandOver(string Channel, long AtMs);

    private static async Task<int> ExecuteAsync(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<NoticeAnswer>> ReadAsync(NpgsqlDataSource database, string where, params object[] values)
    {
        await using var command =
            database.CreateCommand(
                "select id, kind, created_ms, state, subject, message, channels->channel_index->>'channel', delivered_at, last_error, sent_at from outbox "
                    + $"{where}");
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var notices = new List<NoticeAnswer>();
        while (await reader.ReadAsync())
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            DateTimeOffset? Instant(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
            notices.Add(new NoticeAnswer(
                reader.GetString(0), reader.GetString(1), Instants.ToInstant(reader.GetInt64(2)), reader.GetString(3), Text(4),
                Text(5) is { } said ? LinkText.Hide(said) : null, Text(6), Instant(7),
                Text(8) is { } failed ? LinkText.HideInAnswer(failed) : null, Instant(9)));
        }

        return notices;
    }
}
