using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Accounts;

/// <summary>Decisions about exceptions and other readings: one, and many by what they have in common.</summary>
internal static class DecisionEndpoints
{
    /// <summary>Rows of one request: each is worked out on a copy of its account before it is done.</summary>
    private const int RowsMax = 100;

    public static void MapDecisions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/accounts/{id}/reading-decisions", DecideAsync).WithTags("Meters").RequireAuthorization(Permissions.Manage)
            .WithSummary("Decides about an exception or another reading of a meter on the account.").Produces<DecisionAnswer>().Produces<ApprovalAnswer>(202)
            .ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        routes.MapPost("/v1/exceptions/decisions", DecideAllAsync).WithTags("Meters").WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.Manage)
            .WithSummary("Decides about exceptions of one code, a page at a time.").Produces<DecidedExceptionsAnswer>()
            .ProducesProblem(401).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<IResult> DecideAsync(string id, DecideReadingRequest body, HttpContext http, ReadingDecider decider, DecisionHistory history,
        ExceptionList exceptions, GridDirectory directory, Approvals approvals, ReadingIntake intake)
    {
        var (key, over) = ("", ReadingDecision.Withdraw);
        if ((CheckForm(body.Decision, body.Code, body.Reason, out var decision) ?? CheckOver(body.Over, out over)
            ?? Requests.CheckId("meter", body.Meter) ?? MeterRegistration.CheckInstant("at", body.At, intake.LatestMs)
            ?? (body.DryRun ? null : Requests.CheckKey(http, out key))) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } account)
        {
            return Problems.UnknownAccount(id);
        }

        if (await directory.FindMeterAsync(body.Meter) is not { } meter)
        {
            return Problems.Of(MeterRefusals.Unknown, $"meter: there is no meter '{body.Meter}'.");
        }

        var (atMs, person) = (body.At.ToUnixTimeMilliseconds(), http.User.Person());
        var row = body.Code is null ? null : await exceptions.FindOpenAsync(account.Partition, meter.Number, atMs, body.Code);
        if (body.Code is not null && (row is null || row.Account != account.Number))
        {
            return await history.LastAsync(account, meter.Number, atMs) is { } last && last.Is(body, decision, person)
                ? TypedResults.Ok(last.AnswerOf(body.Meter, id))
                : Problems.Of(
                    DecisionRefusals.Changed, $"code, at: meter '{body.Meter}' has no open {body.Code} at {Instants.ToText(atMs)} on account '{id}'.");
        }

        var (command, refusal) = await decider.CommandOfAsync(account, meter, atMs, row, decision, body.ValueWh, body.Method, body.SeenWh, over, body.Reason,
            person);
        return refusal is not null ? Problems.Of(refusal) : await CarryOutAsync(account, meter, command!, body.DryRun, key, decider, approvals);
    }

    private static async Task<IResult> CarryOutAsync(AccountAddress account, MeterAddress meter, DecideReading command, bool dryRun, string key,
        ReadingDecider decider, Approvals approvals)
    {
        var view = (await decider.PreviewAsync(account.Partition, [command]))[0];
        if (view.Code is not null)
        {
            return Problems.Of(RefusalCatalogue.Find(view.Code), view.Detail ?? "");
        }

        var answer = ReadingDecider.AnswerOf(meter.Id, account.Id, command, view, dryRun);
        if (dryRun)
        {
            return TypedResults.Ok(answer);
        }

        var outcome = await decider.ExecuteAsync(account.Id, command, key);
        return outcome.Accepted ? TypedResults.Ok(answer)
            : outcome.Code == AccessRefusals.ApprovalNeeded
                ? await approvals.AskAsync(account.Id, "reading-decision", new DecisionApproval(answer, command), command.DecidedBy, key)
            : Problems.Of(outcome);
    }

    private static async Task<IResult> DecideAllAsync(DecideExceptionsRequest body, HttpContext http, ReadingDecider decider, ExceptionList exceptions,
        CallerScope scope)
    {
        var key = "";
        if ((CheckForm(body.Decision, body.Code, body.Reason, out var decision) ?? CheckLimit(body.Limit)
            ?? (body.Meter is null ? null : Requests.CheckId("meter", body.Meter))
            ?? (body.Account is null ? null : Requests.CheckId("account", body.Account))
            ?? (decision is ReadingDecision.Edit or ReadingDecision.Withdraw
                ? new Refusal(DecisionRefusals.Invalid, $"decision: '{body.Decision}' is of one reading, not of many.") : null)
            ?? (body.DryRun ? null : Requests.CheckKey(http, out key))) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var take = body.Limit ?? 50;
        var rows = await exceptions.FindAsync(body.Meter, body.Account, body.Code, open: true, body.Cursor, take);
        var page = rows.Take(take).ToList();
        var own = await scope.OwnAsync(http.User, [.. page.Select(r => r.Account).Distinct()]);
        page.RemoveAll(r => !own.Contains(r.Account));
        var answers = new DecisionAnswer[page.Count];
        foreach (var same in page.Index().GroupBy(r => r.Item.Account))
        {
            await DecideOfAccountAsync([.. same], answers, body, decision, http.User, key, decider);
        }

        var refused = answers.Count(a => a.Error is not null);
        return TypedResults.Ok(
            new DecidedExceptionsAnswer(answers.Length - refused, refused, answers, ExceptionList.CursorOf(rows, take), rows.Count > take));
    }

    /// <summary>
    /// Exceptions of one account in their order. One that fails fails alone; what is not decided yet when the request is sent again is decided then.
    /// </summary>
    private static async Task DecideOfAccountAsync(List<(int Index, ExceptionRow Item)> rows, DecisionAnswer[] answers, DecideExceptionsRequest body,
        ReadingDecision decision, ClaimsPrincipal user, string key, ReadingDecider decider)
    {
        var ready = new List<(int Index, ExceptionRow Row, DecideReading Command)>();
        foreach (var (index, row) in rows)
        {
            answers[index] = await TryAsync(row, body, async () =>
            {
                var (command, refusal) = await CommandOfAsync(row, body, decision, user, decider);
                if (refusal is not null)
                {
                    return Failed(row, body, refusal.Code, refusal.Detail);
                }

                ready.Add((index, row, command!));
                return body.DryRun
                    ? Failed(row, body, GridRefusals.Unavailable, "The grid cannot work it out at this moment; ask again.")
                    : await CarryOutAsync(row, body, command!, key, decider);
            });
        }

        if (body.DryRun && ready.Count > 0)
        {
            IReadOnlyList<DecisionView>? views = null;
            await TryAsync(ready[0].Row, body, async () =>
            {
                views = await decider.PreviewAsync(ready[0].Row.Partition, ready.ConvertAll(r => r.Command));
                return answers[ready[0].Index];
            });
            foreach (var ((index, row, command), view) in ready.Zip(views ?? []))
            {
                answers[index] = ReadingDecider.AnswerOf(row.Meter_Id, row.Account_Id, command, view, dryRun: true);
            }
        }
    }

    private static async Task<(DecideReading? Command, Refusal? Refusal)> CommandOfAsync(ExceptionRow row, DecideExceptionsRequest body,
        ReadingDecision decision, ClaimsPrincipal user, ReadingDecider decider)
    {
        if (row.Account_Id is null)
        {
            return (null, new Refusal(DecisionRefusals.NotOfCode, "account: the exception is of no account."));
        }

        var account = new AccountAddress(row.Account, row.Partition, row.Account_Id);
        var meter = new MeterAddress(row.Meter, row.Meter_Id, row.Partition, row.Account, 0, "");
        return await decider.CommandOfAsync(account, meter, row.Reading_Ms, row, decision, null, body.Method, null, ReadingDecision.Withdraw, body.Reason,
            user.Person());
    }

    private static async Task<DecisionAnswer> CarryOutAsync(ExceptionRow row, DecideExceptionsRequest body, DecideReading command, string key,
        ReadingDecider decider)
    {
        var view = (await decider.PreviewAsync(row.Partition, [command]))[0];
        return view.Code is null
            && await decider.ExecuteAsync(row.Account_Id!, command, $"{key}:{row.Meter}:{row.Reading_Ms}:{row.Code}") is { Accepted: false } outcome
            ? Failed(row, body, outcome.Code!, outcome.Detail ?? "")
            : ReadingDecider.AnswerOf(row.Meter_Id, row.Account_Id, command, view, dryRun: false);
    }

    private static async Task<DecisionAnswer> TryAsync(ExceptionRow row, DecideExceptionsRequest body, Func<Task<DecisionAnswer>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (PassingFaults.Is(e) || e is OrleansException or LogUnavailableException or LogBackpressureException)
        {
            return Failed(row, body, GridRefusals.Unavailable, PassingFaults.Text(e));
        }
    }

    private static DecisionAnswer Failed(ExceptionRow row, DecideExceptionsRequest body, string code, string detail) => new(
        row.Meter_Id, row.Account_Id, row.Code, Instants.ToInstant(row.Reading_Ms), body.Decision, body.DryRun, null, null, null, null,
        new DecisionError(code, detail));

    private static Refusal? CheckForm(string text, string? code, string reason, out ReadingDecision decision) =>
        !Requests.TryName(text, out decision) || decision == ReadingDecision.Confirm
            ? new Refusal(DecisionRefusals.Invalid, $"decision: '{text}' is not accept, rollover, setBack, edit, estimate, dismiss or withdraw.")
        : code is not null && DecisionNames.OutcomeOf(code) is null ? new Refusal(DecisionRefusals.Invalid, $"code: '{code}' is not the code of an exception.")
        : string.IsNullOrWhiteSpace(reason) ? new Refusal(DecisionRefusals.Invalid, "reason: it is missing; say why.")
        : Requests.CheckText("reason", reason);

    private static Refusal? CheckOver(string? text, out ReadingDecision over)
    {
        over = ReadingDecision.Withdraw;
        return text is null || Requests.TryName(text, out over) ? null : new Refusal(DecisionRefusals.Invalid, $"over: '{text}' is not a decision.");
    }

    private static Refusal? CheckLimit(int? limit) =>
        limit is null or (>= 1 and <= RowsMax) ? null : new Refusal(DecisionRefusals.Invalid, $"limit: {limit} is not 1 to {RowsMax}.");
}
