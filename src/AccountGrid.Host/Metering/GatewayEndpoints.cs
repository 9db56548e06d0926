using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Supply;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Metering;

/// <summary>What a gateway's key may read: its own meters, their last registers and their exceptions.</summary>
internal static class GatewayEndpoints
{
    public static void MapGatewayReads(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/gateways/{id}").WithTags("Gateways").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503)
            .RequireAuthorization(Permissions.Push);
        g.MapGet("/meters", MetersAsync).WithSummary("The gateway's meters with their last registers, by cursor; ?meter= is one of them.")
            .Produces<Page<GatewayMeterAnswer>>();
        g.MapGet("/exceptions", ExceptionsAsync).WithSummary("Readings of the gateway's meters that could not be decided, by cursor.")
            .Produces<Page<GatewayExceptionAnswer>>();
    }

    private static async Task<IResult> MetersAsync(string id, string? meter, int? limit, string? cursor, ClaimsPrincipal user, GridDirectory directory,
        IGrainFactory grains, NpgsqlDataSource database)
    {
        var (gateway, wrong) = await RelayEndpoints.GatewayAsync(id, user, directory);
        if (wrong is not null)
        {
            return wrong;
        }

        var take = Requests.Limit(limit);
        await using var connection = await database.OpenConnectionAsync();
        var ids = (await connection.QueryAsync<string>(
            "select id from meter where gateway = @gateway and (@meter::text is null or id = @meter) and (@after::text is null or id > @after) order by id "
                + "limit @take",
            new { gateway, meter, after = Requests.ReadCursor(cursor, 1)?[0], take = take + 1 })).AsList();
        var views = await Task.WhenAll(ids.Take(take).Select(async m => (Id: m, View: await grains.GetGrain<IMeterGrain>(m).Get())));
        var data = views.Where(v => v.View is not null)
            .Select(v => new GatewayMeterAnswer(
                v.Id, v.View!.RegisterWh, Instants.ToInstant(v.View.RegisterMs), v.View.HeldWh, v.View.IntervalMs / 1000, RegisterAnswer.Of(v.View),
                RegisterAnswer.OfExport(v.View)))
            .ToList();
        return TypedResults.Ok(new Page<GatewayMeterAnswer>(data, ids.Count > take ? Requests.Cursor(ids[take - 1]) : null, ids.Count > take));
    }

    private static async Task<IResult> ExceptionsAsync(string id, string? meter, bool? open, int? limit, string? cursor, ClaimsPrincipal user,
        GridDirectory directory, NpgsqlDataSource database)
    {
        var (gateway, wrong) = await RelayEndpoints.GatewayAsync(id, user, directory);
        if (wrong is not null)
        {
            return wrong;
        }

        var take = Requests.Limit(limit);
        var after = Requests.ReadCursor(cursor, 4);
        var (atMs, afterRegister) = (0L, (short)0);
        if (after is not null && !(long.TryParse(after[1], System.Globalization.CultureInfo.InvariantCulture, out atMs)
            && short.TryParse(after[3], System.Globalization.CultureInfo.InvariantCulture, out afterRegister)))
        {
            throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }

        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<ExceptionRow>(
            """
            select m.id, e.code, e.register, e.reading_ms, e.value_wh, e.held_wh, e.open, e.detail
            from reading_exception e join meter m on m.number = e.meter
            where m.gateway = @gateway and (@meter::text is null or m.id = @meter) and e.open = @open
              and (@afterId::text is null or (m.id, e.reading_ms, e.code, e.register) > (@afterId, @atMs, @afterCode, @afterRegister))
            order by m.id, e.reading_ms, e.code, e.register limit @take
            """,
            new { gateway, meter, open = open ?? true, afterId = after?[0], atMs, afterCode = after?[2] ?? "", afterRegister, take = take + 1 })).AsList();
        var data = rows.Take(take)
            .Select(r => new GatewayExceptionAnswer(r.Id, r.Code, Instants.ToInstant(r.Reading_Ms), r.Value_Wh, r.Held_Wh, r.Open, r.Detail,
                RegisterCodes.Of((RegisterKind)r.Register))).ToList();
        var more = rows.Count > take;
        var last = more ? rows[take - 1] : null;
        return TypedResults.Ok(
            new Page<GatewayExceptionAnswer>(data, last is null ? null : Requests.Cursor(last.Id, last.Reading_Ms, last.Code, last.Register), more));
    }

    private sealed record ExceptionRow(string Id, string Code, short Register, long Reading_Ms, long Value_Wh, long Held_Wh, bool Open, string? Detail);
}
