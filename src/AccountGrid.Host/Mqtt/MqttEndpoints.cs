using AccountGrid.Host.Http;

namespace AccountGrid.Host.Mqtt;

/// <summary>What operators look at of the role mqtt.</summary>
internal static class MqttEndpoints
{
    private const int LimitMax = 200;

    public static void MapMqtt(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/mqtt").WithTags("MQTT").RequireAuthorization(Permissions.Inspect);
        g.MapGet("", StateAsync).WithSummary("What this process's connections to a broker do, and how many messages were refused, by code.")
            .Produces<MqttAnswer>();
        g.MapGet("/refused", RefusedAsync).WithSummary("MQTT messages that were refused, whole or in part, the newest first.")
            .Produces<Page<RefusedAnswer>>().ProducesProblem(400);
    }

    private static async Task<IResult> StateAsync(IServiceProvider services, RefusedMessages refused, CancellationToken cancel)
    {
        var connections = services.GetService<MqttService>()?.Status.Select(s => s.Answer()).ToList() ?? [];
        return TypedResults.Ok(new MqttAnswer(connections, await refused.CountsAsync(cancel)));
    }

    private static async Task<IResult> RefusedAsync(string? cursor, int? limit, RefusedMessages refused, CancellationToken cancel)
    {
        if (limit is < 1 or > LimitMax)
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"limit: {limit} is not 1 to {LimitMax}.");
        }

        var tag = ListCursor.Tag("mqtt-refused");
        var before = ListCursor.Read(cursor, tag, 1) is { } place ? ListCursor.Number(place[0]) : long.MaxValue;
        var size = limit ?? 50;
        var rows = await refused.ListAsync(before, size + 1, cancel);
        var hasMore = rows.Count > size;
        rows = rows[..Math.Min(rows.Count, size)];
        return TypedResults.Ok(new Page<RefusedAnswer>(rows,
            hasMore ? ListCursor.Of(tag, rows[^1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null, hasMore));
    }
}
