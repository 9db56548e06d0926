using System.Security.Claims;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Collections;

/// <summary>Contacts made for a case, and its end. What has consequences for an account is a command in the account's log; a text has none.</summary>
internal static class CaseClosing
{
    public static async Task<IResult> ContactAsync(
        string id, CaseContactRequest body, HttpContext http, ClaimsPrincipal user, CaseStore store, CustomerCommands commands)
    {
        if ((Requests.CheckKey(http, out var key) ?? CheckContact("channel", body.Channel, body.Outcome) ?? Requests.CheckText("note", body.Note)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await store.FindAsync(id) is not { } row)
        {
            return CaseEndpoints.Missing(id);
        }

        if (!row.IsOpen)
        {
            return CaseEndpoints.NotOpen(id);
        }

        // The log learns of the attempt. It does not name the case: what proves the delivery of a notice also ends its case.
        if (row.Account is { } account)
        {
            var recorded = await commands.ExecuteAsync(account, "contact",
                number => new RecordContact(number, body.Channel, user.Person(), body.Outcome, null, body.Note), $"{id}:{key}");
            if (recorded is not IStatusCodeHttpResult { StatusCode: 200 })
            {
                return recorded;
            }
        }

        var what = $"{body.Channel}: {body.Outcome}{(body.Note is null ? "" : $": {body.Note}")}";
        return await store.AddContactAsync(row, what, user.Person(), key)
            ? TypedResults.Ok(new CaseHistoryAnswer(row.ToAnswer(), await store.HistoryAsync(row)))
            : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used for another contact.");
    }

    public static async Task<IResult> CloseAsync(
        string id, CloseCaseRequest body, ClaimsPrincipal user, CaseStore store, CaseDesk desk, CustomerCommands commands)
    {
        var result = CaseResult.Done;
        var wrong = Requests.CheckText("outcome", body.Outcome) ?? Requests.CheckText("contact", body.Contact) ?? Requests.CheckText("note", body.Note)
            ?? (body.Result is null || Requests.TryName(body.Result, out result) ? null
                : Invalid($"result: '{body.Result}' is not {string.Join(", ", Enum.GetValues<CaseResult>().Select(CaseStore.NameOf))}."))
            ?? (body.Contact is not null && body.Result is not null ? Invalid("result: with a contact the contact's code is the result.") : null)
            ?? ((result == CaseResult.Promised) != (body.PromisedBy is not null)
                ? Invalid("promisedBy: a day is needed with promised, and with nothing else.")
                : null);
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        if (await store.FindAsync(id) is not { IsOpen: true } row)
        {
            return CaseEndpoints.NotOpen(id);
        }

        if (!CaseSteps.ClosesByHand(row.CaseKind))
        {
            return Problems.Of(CustomerRefusals.CaseClosedByWork, $"Case '{id}' of kind '{row.Kind}' closes with the work that it is about.");
        }

        var refused = CaseSteps.ConsequenceOf(result) == CaseConsequence.Promise ? await PromiseAsync(row, body.PromisedBy!.Value, commands) : null;
        refused ??= row.IsOfLog
            ? await CloseInLogAsync(row, body, result, user, store, commands)
            : await CloseOwnAsync(row, body, result, user, desk, commands);
        return refused ?? TypedResults.Ok(new { id, state = "closed" });
    }

    /// <summary>The account's log closes it, with what the contact proves; the table follows with its effects.</summary>
    private static async Task<IResult?> CloseInLogAsync(
        CaseRow row, CloseCaseRequest body, CaseResult result, ClaimsPrincipal user, CaseStore store, CustomerCommands commands)
    {
        var closed = await commands.ExecuteAsync(
            row.Account!, "case",
            number => body.Contact is { } kind
                ? new RecordContact(number, kind, user.Person(), body.Outcome, row.Id, body.Note)
                : new CloseCase(number, row.Id, user.Person(), TextOf(body, result)), key: null);
        if (closed is not IStatusCodeHttpResult { StatusCode: 200 })
        {
            return closed;
        }

        if (body.Contact is null)
        {
            await store.SetResultAsync(row, result);
        }

        return null;
    }

    /// <summary>A case that no log knows: a contact with its account is recorded there, and the table closes it.</summary>
    private static async Task<IResult?> CloseOwnAsync(
        CaseRow row, CloseCaseRequest body, CaseResult result, ClaimsPrincipal user, CaseDesk desk, CustomerCommands commands)
    {
        if (body.Contact is { } kind)
        {
            if (CheckContact("contact", kind, body.Outcome) is { } wrong)
            {
                return Problems.Of(wrong);
            }

            var recorded = row.Account is { } account
                ? await commands.ExecuteAsync(account, "contact",
                    number => new RecordContact(number, kind, user.Person(), body.Outcome, null, body.Note), $"{row.Id}:close")
                : null;
            if (recorded is not (null or IStatusCodeHttpResult { StatusCode: 200 }))
            {
                return recorded;
            }
        }

        var text = body.Contact is { } of ? $"{of}: {body.Outcome}{(body.Note is null ? "" : $": {body.Note}")}" : TextOf(body, result);
        await desk.CloseAsync(row, user.Person(), result, text);
        return null;
    }

    /// <summary>A promise is the account's to decide: where it is refused, the case stays open.</summary>
    private static async Task<IResult?> PromiseAsync(CaseRow row, DateOnly day, CustomerCommands commands)
    {
        if (row.Account is not { } account)
        {
            return Problems.Of(Invalid($"result: case '{row.Id}' is about no account, of which a payment could be promised."));
        }

        var promised = await commands.ExecuteAsync(
            account, "promise", number => new PromisePayment(number, day.DayNumber), $"{row.Id}:{day.DayNumber}");
        return promised is IStatusCodeHttpResult { StatusCode: 200 } ? null : promised;
    }

    private static string TextOf(CloseCaseRequest body, CaseResult result) =>
        body.Result is null ? body.Outcome : body.Outcome.Length == 0 ? CaseStore.NameOf(result) : $"{CaseStore.NameOf(result)}: {body.Outcome}";

    private static Refusal? CheckContact(string field, string kind, string outcome) =>
        !ContactOutcomes.KindNames.Contains(kind)
            ? new(CustomerRefusals.ContactKindUnknown, $"{field}: '{kind}' is not {string.Join(", ", ContactOutcomes.KindNames)}.")
        : ContactOutcomes.ProofOf(kind, outcome) is null
            ? new(CustomerRefusals.ContactOutcomeUnknown, $"outcome: '{outcome}' is not {string.Join(", ", ContactOutcomes.OutcomesOf(kind))}.")
        : null;

    private static Refusal Invalid(string detail) => new(CustomerRefusals.CaseResultInvalid, detail);
}
