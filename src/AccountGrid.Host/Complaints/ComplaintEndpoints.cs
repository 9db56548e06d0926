using System.Globalization;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.State;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Complaints;

/// <summary>Complaints and grievances: filed by customers and staff, taken up, decided.</summary>
internal static class ComplaintEndpoints
{
    private const int TextMax = 2_000;
    private static readonly string Topics = string.Join(", ", Enum.GetNames<ComplaintTopic>().Select(n => n.ToLowerInvariant()));

    public static void MapComplaints(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/complaints").WithTags("Complaints").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        g.MapPost("", FileAsync).RequireAuthorization(Permissions.Complain)
            .WithSummary("Files a complaint. One about a bill or a cut is a grievance: nothing is cut while it is open.").Produces<ComplaintAnswer>(201)
            .ProducesProblem(409).ProducesProblem(422);
        g.MapGet("", OfAccountAsync).RequireAuthorization(Permissions.Query).WithSummary("Complaints of an account, newest first.")
            .Produces<Page<ComplaintAnswer>>();
        g.MapPost("/{complaint}/contact", ContactAsync).RequireAuthorization(Permissions.Collect)
            .WithSummary("Says that a person has spoken with who complained.").Produces<ComplaintAnswer>();
        g.MapPost("/{complaint}/resolution", ResolveAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Decides a complaint: its case is closed, and the hold of a grievance ends.").Produces<ComplaintAnswer>().ProducesProblem(409)
            .ProducesProblem(422);
        routes.MapGet("/v1/complaints", OpenAsync).WithTags("Complaints").WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Open complaints, the next to be answered first.").Produces<Page<ComplaintAnswer>>();
    }

    private static async Task<IResult> FileAsync(
        string id, ComplaintRequest body, ClaimsPrincipal user, HttpContext http, ComplaintRegister register,
        PaymentChannelCatalog channels)
    {
        if (!Requests.TryName<ComplaintTopic>(body.Topic, out var topic))
        {
            return Problems.Of(CustomerRefusals.ComplaintTopicInvalid, $"topic: '{body.Topic}' is not {Topics}.");
        }

        if ((CheckText("text", body.Text, 1) ?? Requests.CheckKey(http, out _)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (body.Channel is not null && (await channels.ListAsync(body.Channel)).Count == 0)
        {
            return Problems.Of(PaymentChannelRefusals.Unknown, $"channel: there is no channel '{body.Channel}'.");
        }

        Requests.CheckKey(http, out var key);
        var source = user.Role() is KeyRole.Customer or KeyRole.Client ? "customer" : "staff";
        var (row, refusal) = await register.FileAsync(id, topic, source, body.Text, body.Channel, user.Person(), key);
        return row is null ? Problems.Of(refusal!) : TypedResults.Created($"/v1/accounts/{id}/complaints", register.Show(row));
    }

    private static async Task<IResult> OfAccountAsync(
        string id, int? limit, string? cursor, GridDirectory directory, ComplaintStore store, ComplaintRegister register) =>
        await directory.FindAccountAsync(id) is { } address
            ? TypedResults.Ok(
                Pages.OfShort((await store.OfAccountAsync(address.Partition, address.Number)).ConvertAll(register.Show), limit, cursor, c => c.Id))
            : Problems.UnknownAccount(id);

    private static async Task<IResult> OpenAsync(int? limit, string? cursor, ClaimsPrincipal user, ComplaintStore store, ComplaintRegister register)
    {
        var take = Requests.Limit(limit);
        (DateOnly, string)? after = null;
        if (Requests.ReadCursor(cursor, 2) is { } parts)
        {
            after = DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)
                ? (due, parts[1])
                : throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }

        var area = user.Role() == KeyRole.Collector ? user.Scope()! : "";
        var rows = await store.OpenAsync(area, user.Role() == KeyRole.AccountManager ? user.Scope()! : "", after, take + 1);
        var more = rows.Count > take;
        var last = more ? rows[take - 1] : null;
        return TypedResults.Ok(new Page<ComplaintAnswer>(
            [.. rows.Take(take).Select(register.Show)],
            last is null ? null : Requests.Cursor(last.AnswerDue.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), last.Id), more));
    }

    private static async Task<IResult> ContactAsync(
        string id, string complaint, ComplaintContactRequest body, ClaimsPrincipal user, GridDirectory directory, ComplaintStore store,
        ComplaintRegister register)
    {
        if (CheckText("note", body.Note, 0) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        return await FindAsync(id, complaint, directory, store) is not { } row ? Unknown(complaint)
            : row.State != "open" ? Problems.Of(CustomerRefusals.ComplaintResolved, $"Complaint '{complaint}' was decided already.")
            : TypedResults.Ok(register.Show(await register.ContactAsync(row, user.Person(), body.Note)));
    }

    private static async Task<IResult> ResolveAsync(
        string id, string complaint, ComplaintResolution body, ClaimsPrincipal user, GridDirectory directory, ComplaintStore store, ComplaintRegister register)
    {
        if (!Requests.TryName<ComplaintOutcome>(body.Outcome, out var outcome))
        {
            return Problems.Of(CustomerRefusals.ComplaintOutcomeInvalid,
                $"outcome: '{body.Outcome}' is not upheld, partlyUpheld, notUpheld or withdrawn.");
        }

        if (CheckText("note", body.Note, 0) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await FindAsync(id, complaint, directory, store) is not { } row)
        {
            return Unknown(complaint);
        }

        var (decided, refusal) = await register.ResolveAsync(row, outcome, user.Person(), body.Note);
        return decided is null ? Problems.Of(refusal!) : TypedResults.Ok(register.Show(decided));
    }

    /// <summary>The complaint, if it is one of this account.</summary>
    private static async Task<ComplaintRow?> FindAsync(string account, string complaint, GridDirectory directory, ComplaintStore store) =>
        Ids.IsValid(complaint) && await directory.FindAccountAsync(account) is { } address
            && await store.FindAsync(address.Partition, complaint) is { State: not "new" } row && row.Account == address.Number ? row : null;

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(string complaint) =>
        Problems.Of(CustomerRefusals.ComplaintUnknown, $"complaint: the account has no complaint '{complaint}'.");

    /// <summary>What people say may have lines; other control characters are none of theirs.</summary>
    private static Refusal? CheckText(string field, string? text, int least)
    {
        var length = text?.Trim().Length ?? 0;
        return length < least || length > TextMax
            ? new Refusal(RequestRefusals.TextInvalid, $"{field}: it has {length} characters; {least} to {TextMax} are allowed.")
            : text is not null && text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            ? new Refusal(RequestRefusals.TextInvalid, $"{field}: it contains control characters other than line ends.")
            : null;
    }
}
