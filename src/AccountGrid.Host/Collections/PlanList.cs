using System.Globalization;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>Payment plans of all accounts.</summary>
internal static class PlanList
{
    private static readonly string[] States = ["open", "fulfilled", "broken", "cancelled"];

    public static void MapPlans(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/plans", ListAsync).WithTags("Customers").WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Payment plans, those that are open where no state is asked for, the newest first. An area has the areas below it.")
            .Produces<Page<PlanAnswer>>().ProducesProblem(400).ProducesProblem(422);

    private static async Task<IResult> ListAsync(string? state, string? area, int? limit, string? cursor, ClaimsPrincipal user, NpgsqlDataSource database)
    {
        if (state is not null && !States.Contains(state))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"state: '{state}' is not one of {string.Join(", ", States)}.");
        }

        if (Requests.CheckText("area", area) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var take = Requests.Limit(limit);
        var tag = ListCursor.Tag("plans", state, area);
        var place = ListCursor.Read(cursor, tag, 3)?.Select(ListCursor.Number).ToArray() ?? [long.MaxValue, 0, 0];
        var rows = await ReadAsync(database, state ?? "open", area, user, place, take + 1);
        var last = rows.Count > take ? rows[take - 1].Place : null;
        return TypedResults.Ok(new Page<PlanAnswer>(
            [.. rows.Take(take).Select(r => r.Plan)],
            last is null ? null : ListCursor.Of(tag, [.. last.Select(p => p.ToString(CultureInfo.InvariantCulture))]), last is not null));
    }

    private static async Task<List<(long[] Place, PlanAnswer Plan)>> ReadAsync(
        NpgsqlDataSource database, string state, string? area, ClaimsPrincipal user, long[] place, int take)
    {
        string? Scope(KeyRole role) => user.Role() == role ? user.Scope() ?? "" : null;
        await using var command = database.CreateCommand(
            """
            select p.agreed_ms, p.partition, p.position, a.id, p.ended_ms, e.event::text
            from payment_plan p join account a on a.number = p.account
            join account_event e on e.partition = p.partition and e.position = p.position and e.sequence = p.sequence
            left join contact c on c.partition = p.partition and c.account = p.account
            where p.state = $1 and (p.agreed_ms, p.partition, p.position) < ($2, $3, $4) and ($5::text is null or is_in_area(c.area, $5))
              and ($6::text is null or is_in_area(c.area, $6)) and ($7::text is null or c.manager = $7)
            order by p.agreed_ms desc, p.partition desc, p.position desc limit $8
            """);
        Statements.Add(command, state, place[0], (int)place[1], place[2]);
        foreach (var text in new[] { area, Scope(KeyRole.Collector), Scope(KeyRole.AccountManager) })
        {
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = text });
        }

        Statements.Add(command, take);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(long[], PlanAnswer)>();
        while (await reader.ReadAsync())
        {
            var agreed = (PlanAgreed)StoredEvents.Read(reader.GetString(5));
            rows.Add(([reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)], new(
                reader.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)),
                [.. agreed.Instalments.Select(i => new PlanInstalment(DateOnly.FromDayNumber(i.Day), i.Amount.ToString()))],
                agreed.Instalments.Aggregate(WideMoney.Zero, (sum, i) => sum + i.Amount).ToString(),
                DateOnly.FromDayNumber(agreed.Instalments.Max(i => i.Day)), state,
                reader.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)), agreed.AgreedBy, agreed.ApprovedBy)));
        }

        return rows;
    }
}
