using System.Globalization;
using System.Security.Claims;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Supply;

/// <summary>Relay commands to gateways and their reports; the operators' switch and what the breaker holds.</summary>
internal static class RelayEndpoints
{
    private const int ReportsMax = 200;
    private const int WaitMaxSeconds = 60;

    public static void MapRelays(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/gateways/{id}").WithTags("Relays").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
        g.MapGet("/commands", CommandsAsync).WithMetadata(new AuditedUnlessGateway()).RequireAuthorization(Permissions.Push)
            .WithSummary("Relay commands for the gateway's meters; waits up to ?wait= seconds for the first.").Produces<RelayCommandsAnswer>();
        g.MapPost("/relays", ReportAsync).WithMetadata(new AuditedUnlessGateway()).RequireAuthorization(Permissions.Push)
            .WithSummary("Relay states as the meters confirm them.").Produces<RelayReportsAnswer>().ProducesProblem(413);
        RelayTests.Map(routes);
        OpenRelays.Map(routes);
        routes.MapPost("/v1/operations/cuts", SwitchAsync).WithTags("Relays").RequireAuthorization(Permissions.Administer)
            .WithSummary("One switch that stops all cuts, or lets them go on.");
        routes.MapGet("/v1/operations/cuts", StateAsync).WithTags("Relays").WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Whether all cuts are stopped, by whom, and why.").Produces<CutsAnswer>();
        routes.MapGet("/v1/relays/held", HeldAsync).WithTags("Relays").RequireAuthorization(Permissions.Inspect).WithSummary("Cuts that wait for a person.")
            .Produces<Page<HeldCut>>();
        routes.MapPost("/v1/relays/held/{account}/{sequence:int}", ReleaseAsync).WithTags("Relays").RequireAuthorization(Permissions.Administer)
            .WithSummary("Lets a held cut go on; the interlock still has the last word.").ProducesProblem(404);
    }

    private static async Task<IResult> CommandsAsync(string id, int? wait, ClaimsPrincipal user, RelayDispatch dispatch, GridDirectory directory,
        IHostApplicationLifetime life, CancellationToken cancel)
    {
        if (wait is < 0 or > WaitMaxSeconds)
        {
            return Problems.Of(RelayRefusals.WaitInvalid, $"wait: {wait} is not 0 to {WaitMaxSeconds} seconds.");
        }

        var (gateway, wrong) = await GatewayAsync(id, user, directory);
        if (wrong is not null)
        {
            return wrong;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, life.ApplicationStopping);
        return TypedResults.Ok(new RelayCommandsAnswer(await dispatch.TakeAsync(gateway, TimeSpan.FromSeconds(wait ?? 0), end.Token)));
    }

    private static async Task<IResult> ReportAsync(string id, RelayReportsRequest body, ClaimsPrincipal user, GridDirectory directory, RelayReports reports)
    {
        if (body.Reports.Count > ReportsMax)
        {
            return Problems.Of(RequestRefusals.BatchTooManyItems, $"reports: {body.Reports.Count} are given; at most {ReportsMax} are allowed.");
        }

        var (gateway, wrong) = await GatewayAsync(id, user, directory);
        if (wrong is not null)
        {
            return wrong;
        }

        var results = new List<RelayReportAnswer>();
        foreach (var report in body.Reports)
        {
            results.Add(await reports.TakeAsync(report, gateway));
        }

        return TypedResults.Ok(new RelayReportsAnswer(results));
    }

    private static async Task<IResult> SwitchAsync(CutsRequest body, ClaimsPrincipal user, NpgsqlDataSource database)
    {
        if (Requests.CheckText("reason", body.Reason) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        await using var command = database.CreateCommand("update operation set cuts_stopped = $1, changed_by = $2, reason = $3, changed_at = now()");
        Statements.Add(command, body.Stopped, user.Person(), body.Reason);
        await command.ExecuteNonQueryAsync();
        return TypedResults.Ok(body);
    }

    private static async Task<IResult> StateAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select cuts_stopped, reason, changed_by, changed_at from operation");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return TypedResults.Ok(new CutsAnswer(
            reader.GetBoolean(0), reader.GetValue(1) as string, reader.GetValue(2) as string, reader.GetFieldValue<DateTimeOffset>(3)));
    }

    private static async Task<IResult> HeldAsync(int? limit, string? cursor, NpgsqlDataSource database)
    {
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("held cuts"));
        var (createdMs, account, sequence) = ListCursor.Read(cursor, tag, 3) is [var at, var number, var last]
            ? (ListCursor.Number(at), ListCursor.Number(number), ListCursor.Number(last))
            : (long.MinValue, 0, 0);
        await using var command = database.CreateCommand(
            """
            select a.id, r.sequence, r.created_ms, coalesce(r.held_reason, 'Cuts are stopped by an operator.'), r.account from relay_command r join account a
              on a.number = r.account
            where r.state = 'planned' and ((r.held_reason is not null and r.held_released_by is null) or (select cuts_stopped from operation))
              and (r.created_ms, r.account, r.sequence) > ($1, $2, $3)
            order by r.created_ms, r.account, r.sequence limit $4
            """);
        Statements.Add(command, createdMs, account, sequence, take + 1);
        await using var reader = await command.ExecuteReaderAsync();
        var held = new List<(HeldCut Item, int Account)>();
        while (await reader.ReadAsync())
        {
            held.Add((
                new HeldCut(reader.GetString(0), reader.GetInt32(1), Instants.ToInstant(reader.GetInt64(2)), reader.GetString(3)), reader.GetInt32(4)));
        }

        return TypedResults.Ok(Pages.Of(held, take, h => h.Item, h => ListCursor.Of(
            tag, Text(h.Item.At.ToUnixTimeMilliseconds()), Text(h.Account), Text(h.Item.Sequence))));

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<IResult> ReleaseAsync(string account, int sequence, ClaimsPrincipal user, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            update relay_command r set held_released_by = $3 from account a
            where a.id = $1 and r.partition = a.partition and r.account = a.number and r.sequence = $2 and r.state = 'planned' and r.held_reason is not null
            """);
        Statements.Add(command, account, sequence, user.Person());
        return await command.ExecuteNonQueryAsync() == 1
            ? TypedResults.Ok(new { account, sequence, releasedBy = user.Person() })
            : Problems.Of(RelayRefusals.NotHeld, $"No cut {sequence} of account '{account}' is held.");
    }

    internal static async Task<(int Gateway, IResult? Wrong)> GatewayAsync(string id, ClaimsPrincipal user, GridDirectory directory)
    {
        var known = await directory.FindGatewaysAsync([id]);
        if (!known.TryGetValue(id, out var number))
        {
            return (0, Problems.Of(MeterRefusals.GatewayUnknown, $"There is no gateway '{id}'."));
        }

        return user.GatewayNumber() is not 0 and var own && own != number
            ? (0, Problems.Of(AccessRefusals.KeyNotAllowed, $"This key is not of gateway '{id}'."))
            : (number, null);
    }
}
