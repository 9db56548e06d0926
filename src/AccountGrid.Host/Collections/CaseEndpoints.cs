using System.Globalization;
using System.Security.Claims;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Collections;

/// <summary>Work for people: what the workflows cannot decide, with an owner and a deadline.</summary>
internal static class CaseEndpoints
{
    public static void MapCases(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/cases").WithTags("Cases").ProducesProblem(401).ProducesProblem(403);
        g.MapGet("/", ListAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Cases by what matters most now, by cursor. Owner is me, none or a person. Closed ones are shown with account only.")
            .Produces<Page<CaseAnswer>>().ProducesProblem(422);
        g.MapPost("/", CaseOpeningByHand.OpenAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.Collect)
            .WithSummary("Opens a case by hand, once per Idempotency-Key.").Produces<CaseAnswer>(201).Produces<CaseAnswer>().ProducesProblem(404)
            .ProducesProblem(422);
        g.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.QueryOwn).WithSummary("A case with its history.").Produces<CaseHistoryAnswer>()
            .ProducesProblem(404);
        g.MapPost("/{id}/take", TakeAsync).RequireAuthorization(Permissions.Collect).WithSummary("Takes a case: assignments do not move it any more.")
            .Produces<CaseAnswer>().ProducesProblem(404).ProducesProblem(409);
        g.MapPost("/{id}/hand-over", HandOverAsync).RequireAuthorization(Permissions.Collect).WithSummary("Gives a case to another person.")
            .Produces<CaseAnswer>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        g.MapPost("/{id}/postpone", PostponeAsync).RequireAuthorization(Permissions.Collect)
            .WithSummary("Moves the deadline of a case, 30 days at most and three times at most.").Produces<CaseAnswer>().ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(422);
        g.MapPost("/{id}/contacts", CaseClosing.ContactAsync).RequireAuthorization(Permissions.Collect)
            .WithSummary("Records a contact that was made; the case stays open.").Produces<CaseHistoryAnswer>().ProducesProblem(404).ProducesProblem(409)
            .ProducesProblem(422);
        g.MapPost("/{id}/close", CaseClosing.CloseAsync).RequireAuthorization(Permissions.Collect)
            .WithSummary("Closes a case with a result, or with the contact that was made and its code.").ProducesProblem(404).ProducesProblem(409)
            .ProducesProblem(422);
    }

    private static async Task<IResult> ListAsync(
        string? account, string? owner, string? area, string? kind, int? limit, string? cursor, ClaimsPrincipal user, CaseStore store, CaseCallers callers,
        CustomerList areas)
    {
        if (kind is not null && !Enum.GetValues<CaseKind>().Any(k => k.Code() == kind))
        {
            return Problems.Of(RequestRefusals.ValueInvalid,
                $"kind: '{kind}' is not {string.Join(", ", Enum.GetValues<CaseKind>().Select(k => k.Code()))}.");
        }

        if ((Requests.CheckText("owner", owner) ?? Requests.CheckText("area", area)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var take = Requests.Limit(limit);
        var scope = await callers.OfAsync(user);
        var owners = owner switch { null or "" => null, "me" => scope.Names, "none" => Array.Empty<string>(), _ => [owner] };
        var tag = ListCursor.Tag(account, owner, area, kind);
        (bool, long, string)? after =
            ListCursor.Read(cursor, tag, 3) is { } place ? (place[0] == "closed", ListCursor.Number(place[1]), place[2]) : null;
        string[]? within = area is null ? null : [area, .. await areas.WithinAsync(area)];
        var found = await store.ListAsync(new(account, owners, within, kind), scope, after, take + 1);
        var more = found.Count > take;
        return TypedResults.Ok(new Page<CaseAnswer>(
            [.. found.Take(take).Select(c => c.ToAnswer())], more ? PlaceOf(tag, found[take - 1]) : null, more));
    }

    private static string PlaceOf(string tag, CaseRow row) =>
        ListCursor.Of(tag, row.IsOpen ? "open" : "closed", row.Sort_Key.ToString(CultureInfo.InvariantCulture), row.Id);

    private static async Task<IResult> GetAsync(string id, CaseStore store) =>
        await store.FindAsync(id) is { } row ? TypedResults.Ok(new CaseHistoryAnswer(row.ToAnswer(), await store.HistoryAsync(row))) : Missing(id);

    private static async Task<IResult> TakeAsync(string id, TakeCaseRequest body, ClaimsPrincipal user, CaseStore store, CaseCallers callers) =>
        Requests.CheckText("reason", body.Reason) is { } wrong
            ? Problems.Of(wrong)
            : await GiveAsync(id, "taken", (await callers.OfAsync(user)).Names[0], user, body.Reason, store);

    private static async Task<IResult> HandOverAsync(string id, HandOverRequest body, ClaimsPrincipal user, CaseStore store) =>
        (RegistryChecks.Person("to", body.To) ?? CheckReason(body.Reason)) is { } wrong
            ? Problems.Of(wrong)
            : await GiveAsync(id, "handed-over", body.To, user, body.Reason, store);

    private static async Task<IResult> GiveAsync(string id, string kind, string to, ClaimsPrincipal user, string? reason, CaseStore store)
    {
        if (await store.FindAsync(id) is not { } row)
        {
            return Missing(id);
        }

        if (!row.IsOpen)
        {
            return NotOpen(id);
        }

        // Who has it by hand already has it: the same request again changes nothing.
        if (!(row.Is_By_Hand && row.Owner == to) && !await store.GiveAsync(row, kind, to, user.Person(), reason))
        {
            return Problems.Of(CustomerRefusals.CaseNotOpen, $"Case '{id}' was closed or has changed hands meanwhile.");
        }

        return TypedResults.Ok((await store.FindAsync(id))!.ToAnswer());
    }

    private static async Task<IResult> PostponeAsync(
        string id, PostponeRequest body, ClaimsPrincipal user, CaseStore store, CaseCalendars calendars, TimeProvider time)
    {
        if (CheckReason(body.Reason) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await store.FindAsync(id) is not { } row)
        {
            return Missing(id);
        }

        if (!row.IsOpen)
        {
            return NotOpen(id);
        }

        if (!CaseSteps.CanPostpone(row.CaseKind))
        {
            return Problems.Of(CustomerRefusals.CaseNotPostponable, $"The deadline of a case of kind '{row.Kind}' cannot be moved.");
        }

        if (row.Due_Day == body.Until)
        {
            return TypedResults.Ok(row.ToAnswer());
        }

        var today = CaseCalendars.CalendarOf(row.Zone).DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (!CaseSteps.CanPostponeTo(today, body.Until.DayNumber, row.Postponed))
        {
            return Problems.Of(CustomerRefusals.CasePostponeInvalid,
                $"until: {body.Until:yyyy-MM-dd} is not a day from tomorrow to {Instants.DayToText(today + CaseSteps.PostponeDaysMax)}, or the case was "
                    + $"postponed {CaseSteps.PostponesMax} times.");
        }

        var due = calendars.Of(row.Policy, row.Zone).EndOf(body.Until.DayNumber);
        return await store.PostponeAsync(row, body.Until, due, user.Person(), body.Reason)
            ? TypedResults.Ok((await store.FindAsync(id))!.ToAnswer())
            : Problems.Of(CustomerRefusals.CaseNotOpen, $"Case '{id}' was closed or postponed meanwhile.");
    }

    internal static Refusal? CheckReason(string reason) => string.IsNullOrWhiteSpace(reason)
        ? new(RequestRefusals.TextInvalid, "reason: it is empty; say why.")
        : Requests.CheckText("reason", reason);

    internal static IResult Missing(string id) => Problems.Of(CustomerRefusals.CaseMissing, $"id: there is no case '{id}'.");

    internal static IResult NotOpen(string id) => Problems.Of(CustomerRefusals.CaseNotOpen, $"Case '{id}' does not exist or is closed.");
}
