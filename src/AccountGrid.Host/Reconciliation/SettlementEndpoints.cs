using System.Buffers;
using System.Globalization;
using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>Settlement files: a channel sends its own by its key, and staff send those that came another way.</summary>
internal static class SettlementEndpoints
{
    private const string Description =
        "The body is the file, up to 8 MiB, plain or packed with gzip. It is read by the settlement mapping of the channel's configuration and taken whole or "
            + "not at all: errors are all named, by line, in the member errors. The same file again has no effect and the same answer. A body of "
            + "application/json has the rows themselves, in the member rows.";

    public static void MapSettlements(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/v1/channel/settlements").WithTags("Settlement").RequireAuthorization(Permissions.Settle)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        own.MapPost("/", ImportOwnAsync).WithSummary("Imports a settlement file of the key's channel.").WithDescription(Description)
            .Produces<SettlementAnswer>().ProducesProblem(413).ProducesProblem(422);
        own.MapGet("/{id}/lines", OwnLinesAsync).WithSummary("Lines of a file with what the reconciliation says of each.")
            .Produces<Page<SettlementLineAnswer>>();
        var all = routes.MapGroup("/v1/channels/{channel}/settlements").WithTags("Settlement").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        all.MapPost("/", ImportAsync).RequireAuthorization(Permissions.Administer).WithSummary("Imports a settlement file of a channel.")
            .WithDescription(Description).Produces<SettlementAnswer>().ProducesProblem(413).ProducesProblem(422);
        all.MapGet("/{id}/lines", LinesAsync).RequireAuthorization(Permissions.Inspect)
            .WithSummary("Lines of a file with what the reconciliation says of each.").Produces<Page<SettlementLineAnswer>>();
    }

    private static async Task<IResult> ImportOwnAsync(
        HttpContext http, ClaimsPrincipal user, ChannelCallers callers, SettlementImport import, string? fileId, DateOnly? businessDay, int? count,
        string? amount, string? fees, string? net, string? bankRef)
    {
        var (channel, _, wrong) = await callers.FindAsync(user, null, null);
        return wrong is not null ? Problems.Of(wrong)
            : await TakeAsync(http, user, import, channel!.Id, new(fileId, businessDay, count, amount, fees, net, bankRef));
    }

    private static Task<IResult> ImportAsync(
        HttpContext http, string channel, ClaimsPrincipal user, SettlementImport import, string? fileId, DateOnly? businessDay, int? count, string? amount,
        string? fees, string? net, string? bankRef) =>
        TakeAsync(http, user, import, channel, new(fileId, businessDay, count, amount, fees, net, bankRef));

    private static async Task<IResult> TakeAsync(
        HttpContext http, ClaimsPrincipal user, SettlementImport import, string channel, SettlementDeclaration declared)
    {
        if ((Requests.CheckText("fileId", declared.FileId) ?? CheckAmount("amount", declared.Amount) ?? CheckAmount("fees", declared.Fees)
            ?? CheckAmount("net", declared.Net) ?? Requests.CheckText("bankRef", declared.BankRef)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var (buffer, length, unread) = await BatchReader.ReadBodyAsync(http.Request.Body, http.Request.Headers.ContentEncoding, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(unread!);
        }

        var bytes = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        var (answer, errors, refusal) = await import.ImportAsync(channel, bytes, http.Request.HasJsonContentType(), declared, user.Person());
        return refusal is not null ? Problems.Of(refusal) : answer is not null ? TypedResults.Ok(answer) : Invalid(errors);
    }

    private static Refusal? CheckAmount(string field, string? text) => text is null ? null : Requests.CheckAmount(field, text, out _);

    private static IResult Invalid(IReadOnlyList<SettlementError> errors)
    {
        var problem = Problems.Of(SettlementRefusals.Invalid, $"{errors.Count} errors, of which the first is: {errors[0]}");
        problem.ProblemDetails.Extensions["errors"] = errors.Select(e => e.ToString()).ToList();
        return problem;
    }

    private static async Task<IResult> OwnLinesAsync(
        string id, ClaimsPrincipal user, ChannelCallers callers, SettlementStore store, Reconciliations reconciliations, string? result, int? limit,
        string? cursor)
    {
        var (channel, _, wrong) = await callers.FindAsync(user, null, null);
        return wrong is not null ? Problems.Of(wrong) : await PageAsync(channel!, id, store, reconciliations, result, limit, cursor);
    }

    private static async Task<IResult> LinesAsync(
        string channel, string id, PaymentChannelCatalog channels, SettlementStore store, Reconciliations reconciliations, TimeProvider time, string? result,
        int? limit, string? cursor) =>
        await channels.FindAsync(channel, time.GetUtcNow()) is { } d
            ? await PageAsync(d, id, store, reconciliations, result, limit, cursor)
            : Problems.Of(PaymentChannelRefusals.Unknown, $"No version of channel '{channel}' is in force.");

    private static async Task<IResult> PageAsync(
        PaymentChannelDefinition d, string id, SettlementStore store, Reconciliations reconciliations, string? result, int? limit, string? cursor)
    {
        if (result is not null && !ReconciliationResults.All.Contains(result))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"result: '{result}' is not one of {string.Join(", ", ReconciliationResults.All)}.");
        }

        var take = Requests.Limit(limit);
        var at = Requests.ReadCursor(cursor, 1)?[0];
        if (await store.FindAsync(d.Id, id) is not { } file)
        {
            return Problems.Of(SettlementRefusals.Unknown, $"id: channel '{d.Id}' has no imported file '{id}'.");
        }

        // Payments may have come since; the pages behind the first show what the first did.
        if (at is null && file is { FirstDay: { } first, LastDay: { } last })
        {
            await reconciliations.RefreshAsync(d, first, last);
        }

        if (result == ReconciliationResults.Name(ReconciliationResult.MissingThere))
        {
            return PageOf(await store.MissingThereAsync(d.Id, file, at ?? "", take + 1), take);
        }

        var after = at is null ? -1
            : int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal
            : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        var rows = await store.LinesAsync(id, result, after, take + 1);
        return PageOf([.. rows.Select(r => (r.Ordinal.ToString(CultureInfo.InvariantCulture), r.Line))], take);
    }

    private static IResult PageOf(List<(string Place, SettlementLineAnswer Line)> rows, int take)
    {
        var more = rows.Count > take;
        return TypedResults.Ok(
            new Page<SettlementLineAnswer>([.. rows.Take(take).Select(r => r.Line)], more ? Requests.Cursor(rows[take - 1].Place) : null, more));
    }
}
