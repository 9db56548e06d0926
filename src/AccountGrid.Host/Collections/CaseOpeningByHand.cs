using System.Security.Claims;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Collections;

/// <summary>Cases that people open: about an account or an area of their own.</summary>
internal static class CaseOpeningByHand
{
    private const int HoursMax = 400;

    public static async Task<IResult> OpenAsync(
        OpenCaseRequest body, HttpContext http, ClaimsPrincipal user, CaseDesk desk, CaseStore store, CaseCallers callers, CaseCalendars calendars,
        GridDirectory directory, AreaStore areas, Ownership ownership, IGrainFactory grains, TimeProvider time)
    {
        var amount = default(Money);
        var priority = default(CasePriority);
        var wrong = Requests.CheckKey(http, out var key) ?? RegistryChecks.Text("subject", body.Subject)
            ?? Requests.CheckAmount("amount", body.Amount, out amount)
            ?? (Requests.TryName(body.Priority, out priority) ? null
                : new Refusal(CustomerRefusals.CasePriorityInvalid, $"priority: '{body.Priority}' is not low, normal, high or urgent."))
            ?? (body.WithinHours is >= 1 and <= HoursMax ? null
                : new Refusal(CustomerRefusals.CaseDueInvalid, $"withinHours: {body.WithinHours} is not 1 to {HoursMax}."))
            ?? (body.Account is null && body.Area is null ? new Refusal(RequestRefusals.ValueInvalid, "account, area: one of them is needed.") : null);
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        var account = body.Account is { } id ? await directory.FindAccountAsync(id) : null;
        if (!await IsOwnAsync(body, user, callers, ownership))
        {
            return Problems.Of(AccessRefusals.KeyNotAllowed, "The key may open cases about its own accounts and areas.");
        }

        if (body.Account is not null && (account is null || await grains.Account(body.Account).Get() is null))
        {
            return Problems.UnknownAccount(body.Account);
        }

        var area = body.Area is null ? null : await areas.FindAsync(body.Area);
        if (body.Area is not null && area is null)
        {
            return Problems.Of(RegistryRefusals.AreaInvalid, $"area: there is no area '{body.Area}'.");
        }

        var (policy, zone) = account is not null ? await CalendarOfAsync(account, grains, calendars) : (calendars.ForCurrency(null).Stamp, area!.Zone);
        var due = calendars.Of(policy, zone).Add(time.GetUtcNow().ToUnixTimeMilliseconds(), body.WithinHours * 60);
        var name = $"{account?.Number ?? 0}:{CaseKind.Manual.Code()}:{Convert.ToHexStringLower(Requests.HashOf(key))[..32]}";
        var hash = Requests.HashOf(body);
        var opened = await desk.OpenAsync(new(
            name, CaseKind.Manual, account, body.Subject, amount, body.Area, priority, policy, zone, due, user.Person(), hash));
        var row = (await store.FindAsync(name))!;
        return opened ? TypedResults.Created($"/v1/cases/{name}", row.ToAnswer())
            : row.Body_Hash!.SequenceEqual(hash) ? TypedResults.Ok(row.ToAnswer())
            : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used for another case.");
    }

    private static async Task<bool> IsOwnAsync(OpenCaseRequest body, ClaimsPrincipal user, CaseCallers callers, Ownership ownership)
    {
        if (user.Role() is not { } role || !Ownership.IsScoped(role))
        {
            return true;
        }

        if (body.Account is { } account)
        {
            return await ownership.IsOwnAsync(Ownership.OfAccount, account, role, user.Scope());
        }

        return (await callers.OfAsync(user)).Areas is { } areas && areas.Contains(body.Area);
    }

    /// <summary>The calendar of an account's pack; of the currency's where it is under none.</summary>
    private static async Task<(string Policy, string Zone)> CalendarOfAsync(AccountAddress account, IGrainFactory grains, CaseCalendars calendars)
    {
        var view = (await grains.Account(account.Id).Get())!;
        var workflow = await grains.Partition(account.Partition).Workflow(account.Number);
        return (workflow?.Policy ?? calendars.ForCurrency(view.Currency).Stamp, view.Zone);
    }
}
