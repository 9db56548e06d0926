using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.Events;

internal static class EventEndpoints
{
    /// <summary>In the place of a cursor: nothing that has happened, and everything that will.</summary>
    private const string End = "now";

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/events").WithTags("Events");
        g.MapGet("", ReadAsync).WithMetadata(new ContinuesBy("after")).RequireAuthorization(Permissions.QueryAll)
            .WithSummary("Everything that happened, as CloudEvents: what is behind a cursor, from the oldest that is kept if there is none.")
            .WithDescription(
                "Keep nextCursor, which is never null, and ask again with it as after: nothing is left out, however long you were away, up to the days that "
                    + "the list is kept. Events of an account are in order. after=now begins with what happens from now on. kind takes names of "
                    + "GET /v1/events/kinds, separated by commas. A page may be empty although hasMore is true. With Accept: "
                    + "application/cloudevents-batch+json the answer is a batch, and the next page is named by a Link header.")
            .Produces<Page<CloudEvent>>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).ProducesProblem(422);
        g.MapGet("/kinds", Kinds).RequireAuthorization(Permissions.AnyKey).WithSummary("Every kind of event, with the schema of its data and an example.")
            .Produces<Page<EventKindAnswer>>();
        g.MapGet("/kinds/{kind}", Schema).RequireAuthorization(Permissions.AnyKey).WithSummary("The JSON Schema of the data of a kind.")
            .Produces<JsonElement>(200, "application/schema+json").ProducesProblem(422);
    }

    private static async Task<IResult> ReadAsync(string? after, int? limit, string? kind, string? account, HttpContext http, EventFeed feed, EventMarks marks,
        EventWriter writer, GridDirectory directory, GridIdentity identity, GridOptions grid)
    {
        var (filter, refusal) = await EventRequests.FilterAsync(kind?.Split(',') ?? [], account, directory);
        if (filter is null)
        {
            return Problems.Of(refusal!);
        }

        var cancel = http.RequestAborted;
        var tag = EventRequests.TagOf(await identity.IdAsync(cancel), filter);
        var from = after switch
        {
            null or "" => await marks.FloorAsync(cancel),
            End => await marks.EndAsync(cancel),
            _ => EventCursor.Parse(after, tag, grid.Partitions),
        };
        if (from is null)
        {
            return Problems.Of(EventRefusals.CursorInvalid, "after: it is not a nextCursor of this list with the same kind and account.");
        }

        try
        {
            var page = await feed.ReadAsync(from, filter, Requests.Limit(limit), cancel);
            return AnswerOf(http, await writer.WriteAsync(page.Events, cancel), page.Next.ToText(tag), page.HasMore);
        }
        catch (EventExpiredException e)
        {
            return Problems.Of(e.Refusal);
        }
    }

    private static IResult AnswerOf(HttpContext http, List<CloudEvent> events, string next, bool hasMore)
    {
        if (!http.Request.Headers.Accept.ToString().Contains(CloudEvent.BatchMediaType, StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.Ok(new Page<CloudEvent>(events, next, hasMore));
        }

        var others = http.Request.Query.Where(q => !q.Key.Equals("after", StringComparison.OrdinalIgnoreCase))
            .Select(q => $"&{q.Key}={Uri.EscapeDataString(q.Value.ToString())}");
        http.Response.Headers.Link = $"</v1/events?after={next}{string.Concat(others)}>; rel=\"next\"";
        return TypedResults.Json(events, ApiJson.Options, CloudEvent.BatchMediaType);
    }

    private static Ok<Page<EventKindAnswer>> Kinds(int? limit, string? cursor, EventOptions options) =>
        TypedResults.Ok(Pages.OfShort(
            EventCatalog.Kinds.Select(k => new EventKindAnswer(k.Name, k.Type, k.Text, k.Shape.Schema(), ExampleOf(k, options.Source))).ToList(), limit, cursor,
            k => k.Type));

    internal static CloudEvent ExampleOf(EventKind kind, string source) => new("1.0",
        new EventPlace(12, 4_711 + EventCatalog.Kinds.Count(k => string.CompareOrdinal(k.Name, kind.Name) < 0), 0).ToString(), source, kind.Type, "A1",
        new DateTimeOffset(2026, 11, 30, 16, 0, 0, TimeSpan.Zero), "application/json", kind.SchemaPath, "A1", kind.Example());

    private static IResult Schema(string kind)
    {
        if (EventCatalog.Find(kind) is not { } found)
        {
            return Problems.Of(EventRefusals.KindUnknown, $"kind: there is no kind '{kind}'; GET /v1/events/kinds lists them.");
        }

        var schema = found.Shape.Schema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", found.Type);
        schema.Insert(2, "description", found.Text);
        return TypedResults.Json(schema, ApiJson.Options, "application/schema+json");
    }
}
