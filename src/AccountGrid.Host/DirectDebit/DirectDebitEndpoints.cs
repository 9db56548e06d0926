using System.Buffers;
using System.Globalization;
using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Direct debit: mandates, announcements, runs with their files, and what banks answer.</summary>
internal static class DirectDebitEndpoints
{
    private static readonly string[] States = ["new", "announced", "claimed", "sent", "skipped", "paid", "rejected", "returned"];

    public static void MapDirectDebit(this IEndpointRouteBuilder routes)
    {
        routes.MapMandates();
        var g = routes.MapGroup("/v1/direct-debit").WithTags("Direct debit").ProducesProblem(401).ProducesProblem(403);
        g.MapPost("/announcements", AnnounceAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Tells customers what will be collected on a day. Again the same, it announces what has become due since.").Produces<DebitDayAnswer>()
            .ProducesProblem(422);
        g.MapPost("/runs", MakeAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Makes the run of a channel and day, once: what was announced and is unpaid is collected.").Produces<DebitRunAnswer>()
            .ProducesProblem(422);
        g.MapGet("/runs/{channel}", ListAsync).RequireAuthorization(Permissions.Inspect).WithSummary("Runs of a channel, the latest day first.")
            .Produces<Page<DebitRunAnswer>>();
        g.MapGet("/runs/{channel}/{day}", GetAsync).RequireAuthorization(Permissions.Inspect).WithSummary("A run with its sums.").Produces<DebitRunAnswer>()
            .ProducesProblem(404);
        g.MapGet("/runs/{channel}/{day}/file", FileAsync).WithMetadata(new AuditedUnlessGateway()).RequireAuthorization(Permissions.Administer)
            .WithSummary("The file of a run, with bank accounts in the clear; the same bytes each time.").Produces<byte[]>(200, "application/octet-stream")
            .ProducesProblem(404).ProducesProblem(410).ProducesProblem(422);
        g.MapGet("/items/{channel}/{day}", ItemsAsync).RequireAuthorization(Permissions.Inspect).WithSummary("Collections of a channel and day, by id.")
            .Produces<Page<DebitItemAnswer>>().ProducesProblem(422);
        g.MapPost("/results/{channel}", ImportAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Imports what the bank answered: pain.002, camt.053, camt.054, or a CSV by the channel's layout.")
            .WithDescription("The body is the file, up to 8 MiB, plain or packed with gzip. It is taken whole or not at all: errors are all named, by line, in "
                + "the member errors. The same file again has no effect and the same answer.")
            .Produces<DebitResultAnswer>().ProducesProblem(413).ProducesProblem(422);
    }

    private static async Task<IResult> AnnounceAsync(DebitDayRequest body, DebitAnnouncements announcements)
    {
        var (answer, refusal) = await announcements.AnnounceAsync(body.Channel, body.Day);
        return refusal is not null ? Problems.Of(refusal) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> MakeAsync(DebitDayRequest body, ClaimsPrincipal user, DebitRuns runs)
    {
        var (answer, refusal) = await runs.MakeAsync(body.Channel, body.Day, user.Person());
        return refusal is not null ? Problems.Of(refusal) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> ImportAsync(HttpContext http, string channel, ClaimsPrincipal user, DebitResults results)
    {
        var (buffer, length, unread) = await BatchReader.ReadBodyAsync(http.Request.Body, http.Request.Headers.ContentEncoding, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(unread!);
        }

        var bytes = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        var (answer, errors, refusal) = await results.ImportAsync(channel, bytes, user.Person());
        if (refusal is not null || answer is not null)
        {
            return refusal is not null ? Problems.Of(refusal) : TypedResults.Ok(answer);
        }

        var problem = Problems.Of(DirectDebitRefusals.ResultInvalid, $"{errors.Count} errors, of which the first is: {errors[0]}");
        problem.ProblemDetails.Extensions["errors"] = errors.Select(e => e.ToString()).ToList();
        return problem;
    }

    private static async Task<IResult> ListAsync(string channel, int? limit, string? cursor, DebitStore store, DebitRuns runs)
    {
        var take = Requests.Limit(limit);
        var before = Requests.ReadCursor(cursor, 1) is not { } place ? DateOnly.MaxValue
            : DateOnly.TryParseExact(place[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        var rows = await store.RunsAsync(channel, before, take + 1);
        var answers = new List<DebitRunAnswer>();
        foreach (var row in rows.Take(take))
        {
            answers.Add(await runs.ShowAsync(row));
        }

        var more = rows.Count > take;
        return TypedResults.Ok(new Page<DebitRunAnswer>(
            answers, more ? Requests.Cursor(answers[^1].Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : null, more));
    }

    private static async Task<IResult> GetAsync(string channel, DateOnly day, DebitStore store, DebitRuns runs) =>
        await store.FindRunAsync(channel, day) is { } run ? TypedResults.Ok(await runs.ShowAsync(run)) : Unknown(channel, day);

    private static async Task<IResult> FileAsync(string channel, DateOnly day, DebitStore store, DebitRuns runs)
    {
        if (await store.FindRunAsync(channel, day) is not { State: "made" } run)
        {
            return Unknown(channel, day);
        }

        var (file, refusal) = await runs.FileAsync(run);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var (bytes, type, name) = file!.Write();
        return TypedResults.File(bytes, type, name);
    }

    private static async Task<IResult> ItemsAsync(string channel, DateOnly day, string? state, int? limit, string? cursor, DebitStore store)
    {
        if (state is not null && !States.Contains(state))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"state: '{state}' is not one of {string.Join(", ", States)}.");
        }

        var take = Requests.Limit(limit);
        var rows = await store.ListAsync(channel, day, state is null ? null : [state], Requests.ReadCursor(cursor, 1)?[0] ?? "", take + 1);
        var more = rows.Count > take;
        return TypedResults.Ok(
            new Page<DebitItemAnswer>([.. rows.Take(take).Select(DebitItemAnswer.Of)], more ? Requests.Cursor(rows[take - 1].Id) : null, more));
    }

    private static IResult Unknown(string channel, DateOnly day) =>
        Problems.Of(DirectDebitRefusals.RunUnknown, $"Channel '{channel}' has no run for {day:yyyy-MM-dd} that is made.");
}
