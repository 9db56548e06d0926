using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Webhooks;

/// <summary>Webhooks: a client sees and changes its own, an administrator all.</summary>
internal static class WebhookEndpoints
{
    private const int OverlapMinutesMax = 7 * 24 * 60;

    private static readonly string[] States = ["queued", "delivered", "given-up"];

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/webhooks").WithTags("Webhooks").RequireAuthorization(Permissions.Subscribe);
        g.MapPost("", AddAsync)
            .WithSummary("Makes a webhook of an API key. Its secret is shown this once; with an Idempotency-Key the same request makes one webhook.")
            .Produces<WebhookSecretAnswer>(201).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        g.MapGet("", ListAsync).WithSummary("The caller's webhooks, how they are and what waits.").Produces<Page<WebhookAnswer>>();
        g.MapGet("/{webhook:guid}", FindAsync).WithSummary("A webhook, how it is and what waits.").Produces<WebhookAnswer>().ProducesProblem(404);
        g.MapPut("/{webhook:guid}", ChangeAsync).TakesCondition().WithSummary("Changes address, kinds, order and description.")
            .Produces<WebhookAnswer>().ProducesProblem(404).ProducesProblem(422);
        g.MapDelete("/{webhook:guid}", DeleteAsync).WithSummary("Ends a webhook and its log.").Produces(204).ProducesProblem(404);
        g.MapPost("/{webhook:guid}/secret", RotateAsync)
            .WithSummary("Makes a new secret, which is shown this once. The one before signs as well until the overlap is over.")
            .Produces<WebhookSecretAnswer>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        g.MapPost("/{webhook:guid}/pause", PauseAsync).WithSummary("Stops sending; events wait.").Produces<WebhookAnswer>().ProducesProblem(404);
        g.MapPost("/{webhook:guid}/resume", ResumeAsync).WithSummary("Sends again, what waited first.").Produces<WebhookAnswer>().ProducesProblem(404)
            .ProducesProblem(409);
        g.MapPost("/{webhook:guid}/replay", ReplayAsync)
            .WithSummary("Sends one event again, or everything from an instant on. Events keep their ids.")
            .Produces<WebhookAnswer>(202).ProducesProblem(404).ProducesProblem(422);
        g.MapGet("/{webhook:guid}/deliveries", DeliveriesAsync)
            .WithSummary("The log of deliveries with status and time of the last attempt, newest first; with state, those that are so.")
            .Produces<Page<DeliveryLogAnswer>>().ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> AddAsync(WebhookRequest body, HttpContext http, WebhookRegister register, EventMarks marks, GridDirectory directory,
        EventOptions options)
    {
        if (http.User.FindFirst(Permissions.CallerClaim) is null)
        {
            return Problems.Of(EventRefusals.WebhookKeyNeeded, "The caller is a person who is signed in, and whether they still may is not known later.");
        }

        if ((Wrong(body.Url, body.Description, options) ?? (await EventRequests.FilterAsync(body.Kinds ?? [], body.Account, directory)).Refusal) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (Key(http, out var id) is { } wrongKey)
        {
            return Problems.Of(wrongKey);
        }

        if (await register.FindAsync(id, owner: null) is not null)
        {
            return Problems.Of(EventRefusals.WebhookMadeAlready, $"Idempotency-Key: the webhook {id} was made with it before.");
        }

        var owner = http.User.Caller();
        if (await register.CountAsync(owner) >= WebhookRegister.OfCallerMax)
        {
            return Problems.Of(EventRefusals.WebhookTooMany, $"There are {WebhookRegister.OfCallerMax} webhooks of this caller, as many as are allowed.");
        }

        if ((body.From is { } from ? await marks.AtAsync(from) : await marks.EndAsync()) is not { } place)
        {
            return Problems.Of(EventRefusals.WebhookReplayInvalid, $"from: events of {body.From:O} are no longer kept for reading.");
        }

        return await register.AddAsync(id, owner, http.User.Person(), body, place) is { } secret
            ? TypedResults.Created($"/v1/webhooks/{id}", new WebhookSecretAnswer((await register.FindAsync(id, owner: null))!, secret))
            : Problems.Of(EventRefusals.WebhookMadeAlready, $"Idempotency-Key: the webhook {id} was made with it before.");
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, ClaimsPrincipal user, WebhookRegister register) =>
        TypedResults.Ok(Pages.OfShort(await register.ListAsync(OwnerOf(user)), limit, cursor, w => w.Id.ToString()));

    private static Task<IResult> FindAsync(Guid webhook, HttpContext http, WebhookRegister register) => http.WithTagAsync(
        register.ChangedAtAsync(webhook),
        () => WithAsync(webhook, http.User, register, found => Task.FromResult<IResult>(TypedResults.Ok(found))));

    private static Task<IResult> ChangeAsync(Guid webhook, ChangeWebhookRequest body, HttpContext http, WebhookRegister register, GridDirectory directory,
        EventOptions options) => WithAsync(webhook, http.User, register, async _ =>
    {
        if ((Wrong(body.Url, body.Description, options) ?? (await EventRequests.FilterAsync(body.Kinds ?? [], null, directory)).Refusal) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        return await register.ChangeAsync(webhook, body, EditCondition.Of(http)) is { } not
            ? Problems.Of(not)
            : await http.WithTagAsync(register.ChangedAtAsync(webhook), () => ShowAsync(webhook, register));
    });

    private static Task<IResult> DeleteAsync(Guid webhook, ClaimsPrincipal user, WebhookRegister register) => WithAsync(webhook, user, register, async _ =>
    {
        await register.DeleteAsync(webhook);
        return TypedResults.NoContent();
    });

    private static Task<IResult> RotateAsync(Guid webhook, RotateSecretRequest body, ClaimsPrincipal user, WebhookRegister register) =>
        WithAsync(webhook, user, register, async _ =>
        {
            if (body.OverlapMinutes is < 0 or > OverlapMinutesMax)
            {
                return Problems.Of(EventRefusals.WebhookOverlapInvalid, $"overlapMinutes: {body.OverlapMinutes} is not 0 to {OverlapMinutesMax}.");
            }

            return await register.RotateAsync(webhook, TimeSpan.FromMinutes(body.OverlapMinutes)) is { } secret
                ? TypedResults.Ok(new WebhookSecretAnswer((await register.FindAsync(webhook, owner: null))!, secret))
                : Problems.Of(EventRefusals.WebhookOverlapRunning, "The secret before this one still signs; previousSecretUntil says until when.");
        });

    private static Task<IResult> PauseAsync(Guid webhook, ClaimsPrincipal user, WebhookRegister register) => WithAsync(webhook, user, register, async _ =>
    {
        await register.PauseAsync(webhook, $"Paused by {user.Person()}.");
        return await ShowAsync(webhook, register);
    });

    private static Task<IResult> ResumeAsync(Guid webhook, ClaimsPrincipal user, WebhookRegister register) => WithAsync(webhook, user, register, async found =>
    {
        if (found.PausedWhy == "expired")
        {
            return Problems.Of(EventRefusals.WebhookPaused, "It stands before what is kept for reading: replay from an instant that is still kept first.");
        }

        await register.ResumeAsync(webhook);
        return await ShowAsync(webhook, register);
    });

    private static Task<IResult> ReplayAsync(Guid webhook, ReplayRequest body, ClaimsPrincipal user, WebhookRegister register, EventMarks marks, EventFeed feed,
        HttpContext http) => WithAsync(webhook, user, register, async found =>
    {
        if (body.Event is null == body.From is null)
        {
            return Problems.Of(EventRefusals.WebhookReplayInvalid, "event, from: give one of the two.");
        }

        if (body.From is { } from)
        {
            if (await marks.AtAsync(from) is not { } place)
            {
                return Problems.Of(EventRefusals.WebhookReplayInvalid, $"from: events of {from:O} are no longer kept for reading.");
            }

            await register.ReplayAsync(webhook, place, from);
        }
        else if (EventPlace.Parse(body.Event!) is { } name && (await feed.FindAsync([name], http.RequestAborted)).GetValueOrDefault(name) is { } e)
        {
            await register.ReplayAsync(webhook, e);
        }
        else
        {
            return Problems.Of(EventRefusals.Unknown, $"event: there is no event '{body.Event}'.");
        }

        return TypedResults.Accepted($"/v1/webhooks/{webhook}", await register.FindAsync(webhook, owner: null));
    });

    private static Task<IResult> DeliveriesAsync(Guid webhook, string? state, int? limit, string? cursor, ClaimsPrincipal user, WebhookRegister register) =>
        WithAsync(webhook, user, register, async _ =>
        {
            if (state is not null && !States.Contains(state))
            {
                return Problems.Of(RequestRefusals.Invalid, $"state: '{state}' is not {string.Join(", ", States)}.");
            }

            var tag = ListCursor.Tag("deliveries", webhook.ToString(), state);
            (DateTime, EventPlace)? before = ListCursor.Read(cursor, tag, 2) is { } place && EventPlace.Parse(place[1]) is { } last
                ? (new DateTime(ListCursor.Number(place[0]), DateTimeKind.Utc), last)
                : null;
            var size = Requests.Limit(limit);
            var rows = await register.DeliveriesAsync(webhook, state, before, size + 1);
            var hasMore = rows.Count > size;
            rows = rows[..Math.Min(rows.Count, size)];
            return TypedResults.Ok(new Page<DeliveryLogAnswer>([.. rows.Select(r => r.Answer)],
                hasMore ? ListCursor.Of(tag, rows[^1].At.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture), rows[^1].Place.ToString()) : null,
                hasMore));
        });

    /// <summary>Whose webhooks a caller sees; null is everybody's.</summary>
    private static string? OwnerOf(ClaimsPrincipal user) => user.Role() is Contracts.KeyRole.Administrator ? null : user.Caller();

    private static async Task<IResult> WithAsync(Guid id, ClaimsPrincipal user, WebhookRegister register, Func<WebhookAnswer, Task<IResult>> run) =>
        await register.FindAsync(id, OwnerOf(user)) is { } found
            ? await run(found)
            : Problems.Of(EventRefusals.WebhookUnknown, $"There is no webhook '{id}' of this caller.");

    private static async Task<IResult> ShowAsync(Guid id, WebhookRegister register) => await register.FindAsync(id, owner: null) is { } found
        ? TypedResults.Ok(found)
        : Problems.Of(EventRefusals.WebhookUnknown, $"There is no webhook '{id}' of this caller.");

    private static Refusal? Wrong(string url, string? description, EventOptions options) => WebhookTarget.Problem(url, options.AllowPrivate) is { } problem
        ? new(EventRefusals.WebhookUrlInvalid, $"url: {problem}.")
        : Requests.CheckText("description", description);

    /// <summary>The id of a webhook to be made: it follows from the caller's key, so that a request that comes twice makes one.</summary>
    private static Refusal? Key(HttpContext http, out Guid id)
    {
        id = Guid.CreateVersion7();
        if (http.Request.Headers["Idempotency-Key"].Count == 0)
        {
            return null;
        }

        var wrong = Requests.CheckKey(http, out var key);
        id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"webhook\n{key}")).AsSpan(0, 16));
        return wrong;
    }
}
