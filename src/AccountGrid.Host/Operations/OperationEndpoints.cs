using System.Globalization;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Operations;

/// <summary>How the grid works, for whoever runs it.</summary>
internal static class OperationEndpoints
{
    private const int DaysMax = 3_660;
    private const int MinutesOfDay = 24 * 60;

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/operations").WithTags("Operations").RequireAuthorization(Permissions.Inspect).ProducesProblem(401).ProducesProblem(403);
        g.MapGet("/grid", async (GridReader grid, CancellationToken cancel) => TypedResults.Ok(await grid.ReadAsync(cancel)))
            .WithSummary("Readings per second, percentiles of acknowledgement and freshness, partitions with owner and lag, queues, and last faults.")
            .Produces<GridAnswer>();
        g.MapGet("/gateways", SilentAsync)
            .WithSummary("Gateways that have pushed nothing for some minutes (60), but have in some days (7), the one that fell silent last first.")
            .Produces<Page<GatewaySeenAnswer>>().ProducesProblem(400);
        g.MapGet("/meters", SilentMetersAsync)
            .WithSummary("Meters on an account that were last read some hours ago (24) or longer, but within some days (30). A page looks at some "
                + "partitions and can have no rows before the last one.")
            .Produces<Page<SilentMeterAnswer>>().ProducesProblem(400).ProducesProblem(422);
    }

    private static async Task<IResult> SilentMetersAsync(
        int? hours, int? days, string? gateway, int? limit, string? cursor, SilentMeterReader meters, TimeProvider time)
    {
        if (hours is < 1 or > DaysMax * 24)
        {
            return Problems.Of(RequestRefusals.Invalid, $"hours: {hours} is not 1 to {DaysMax * 24}.");
        }

        if (days is < 1 or > DaysMax)
        {
            return Problems.Of(RequestRefusals.Invalid, $"days: {days} is not 1 to {DaysMax}.");
        }

        if (Requests.CheckText("gateway", gateway) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var tag = ListCursor.Tag("silent-meters", hours?.ToString(CultureInfo.InvariantCulture), days?.ToString(CultureInfo.InvariantCulture), gateway);
        var place = ListCursor.Read(cursor, tag, 3)?.Select(p => checked((int)ListCursor.Number(p))).ToArray() ?? [0, 0, 0];
        var now = time.GetUtcNow();
        var (rows, next) = await meters.ReadAsync(
            now.AddDays(-(days ?? 30)), now.AddHours(-(hours ?? 24)), gateway, new(place[0], place[1], place[2]), Requests.Limit(limit));
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(new Page<SilentMeterAnswer>(
            rows, next is { } n ? ListCursor.Of(tag, Text(n.Partition), Text(n.Place), Text(n.Meter)) : null, next is not null));
    }

    private static async Task<IResult> SilentAsync(int? minutes, int? days, int? limit, string? cursor, GridReader grid, TimeProvider time)
    {
        if (minutes is < 0 or > DaysMax * MinutesOfDay)
        {
            return Problems.Of(RequestRefusals.Invalid, $"minutes: {minutes} is not 0 to {DaysMax * MinutesOfDay}.");
        }

        if (days is < 1 or > DaysMax)
        {
            return Problems.Of(RequestRefusals.Invalid, $"days: {days} is not 1 to {DaysMax}.");
        }

        var take = Requests.Limit(limit);
        (DateTimeOffset, int)? after = null;
        if (Requests.ReadCursor(cursor, 2) is { } place)
        {
            after = long.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
                && int.TryParse(place[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (new DateTimeOffset(ticks, TimeSpan.Zero), number)
                : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }

        var now = time.GetUtcNow();
        var rows = await grid.SilentAsync(now.AddDays(-(days ?? 7)), now.AddMinutes(-(minutes ?? 60)), after, take + 1);
        var more = rows.Count > take;
        return TypedResults.Ok(new Page<GatewaySeenAnswer>(
            [.. rows.Take(take).Select(r => r.Gateway)],
            more ? Requests.Cursor(rows[take - 1].Gateway.LastPushAt.UtcTicks, rows[take - 1].Number) : null, more));
    }
}
