using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;

namespace AccountGrid.Host.Supply;

/// <summary>Relay commands that are planned or under way, for people to look at.</summary>
internal static class OpenRelays
{
    private const string IsHeld = "(not r.turns_on and (o.cuts_stopped or (r.held_reason is not null and r.held_released_by is null)))";

    private static readonly Dictionary<string, string> States = new()
    {
        ["held"] = $"r.state = 'planned' and {IsHeld}",
        ["planned"] = $"r.state = 'planned' and not {IsHeld}",
        ["released"] = "r.state = 'released'",
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/relays/open", ListAsync).WithTags("Relays").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Relay commands that are planned, held or not confirmed, the oldest first.").Produces<Page<OpenRelayAnswer>>().ProducesProblem(400);

    private static async Task<IResult> ListAsync(string? state, int? limit, string? cursor, NpgsqlDataSource database)
    {
        if (state is not null && !States.ContainsKey(state))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"state: '{state}' is not one of {string.Join(", ", States.Keys)}.");
        }

        var take = Requests.Limit(limit);
        long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        var place = Requests.ReadCursor(cursor, 3)?.Select(Number).ToArray() ?? [0, 0, 0];
        await using var command = database.CreateCommand(
            $"""
            select a.id, r.sequence, r.turns_on, r.state, r.created_ms, r.expires_ms, cardinality(r.meters), r.held_reason, r.held_released_by,
              o.cuts_stopped, o.reason, r.account as number from relay_command r join account a on a.number = r.account cross join operation o
            where {States.GetValueOrDefault(state ?? "", "r.state in ('planned', 'released')")} and r.created_ms >= $1
              and (r.created_ms, r.account, r.sequence) > ($1, $2, $3)
            order by r.created_ms, r.account, r.sequence limit $4
            """);
        Statements.Add(command, place[0], place[1], place[2], take + 1);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(OpenRelayAnswer Answer, string Cursor)>();
        while (await reader.ReadAsync())
        {
            rows.Add((Read(reader), Requests.Cursor(reader.GetInt64(4), reader.GetInt32(11), reader.GetInt32(1))));
        }

        var more = rows.Count > take;
        return TypedResults.Ok(new Page<OpenRelayAnswer>([.. rows.Take(take).Select(r => r.Answer)], more ? rows[take - 1].Cursor : null, more));
    }

    private static OpenRelayAnswer Read(NpgsqlDataReader r)
    {
        var (turnsOn, isPlanned, releasedBy) = (r.GetBoolean(2), r.GetString(3) == "planned", r.GetValue(8) as string);
        var held = turnsOn || !isPlanned ? null
            : r.GetBoolean(9) ? r.GetValue(10) as string ?? "Cuts are stopped by an operator."
            : releasedBy is null ? r.GetValue(7) as string : null;
        return new(
            r.GetString(0), r.GetInt32(1), turnsOn ? "restore" : "cut", held is not null ? "held" : isPlanned ? "planned" : "released",
            Instants.ToInstant(r.GetInt64(4)), r.GetInt64(5) == long.MaxValue ? null : Instants.ToInstant(r.GetInt64(5)), r.GetInt32(6), held,
            isPlanned && releasedBy is null && r.GetValue(7) is string, releasedBy);
    }
}
