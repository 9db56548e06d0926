using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>Customers and what their workflows do: profile, contact, holds, plans, waivers, bills, interlock.</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}").WithTags("Customers").ProducesProblem(401).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);
        g.MapPut("/customer", SetAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Puts the account under a policy pack and says who the customer is.").Produces<CustomerAnswer>();
        g.MapGet("/customer", GetAsync).RequireAuthorization(Permissions.Query).WithSummary("Stage, arrears, supply and contact.").Produces<CustomerAnswer>();
        g.MapPost("/billing-cycle", SetCycleAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Changes the billing day and the months of a period, from the next period on.").Produces<CustomerAnswer>();
        g.MapAccountContact();
        g.MapGet("/interlock", InterlockAsync).RequireAuthorization(Permissions.Query).WithSummary("Whether supply could be cut now, and every reason not to.")
            .Produces<InterlockAnswer>();
        g.MapPost("/holds", HoldAsync).RequireAuthorization(Permissions.Manage).WithSummary("Places a hold: no escalation and no cut while it stands.");
        g.MapDelete("/holds/{kind}", LiftAsync).RequireAuthorization(Permissions.Manage).WithSummary("Lifts a hold.");
        g.MapPost("/announcements", AnnounceAsync).RequireAuthorization(Permissions.Pay).WithSummary("A payment is on its way: no cut while it is waited for.");
        g.MapPost("/plans", PlanAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Agrees on instalments; beyond what the customer's grade is offered a second person must agree.").Produces<ApprovalAnswer>(202);
        g.MapDelete("/plans", CancelPlanAsync).RequireAuthorization(Permissions.Manage).WithSummary("Cancels the payment plan.");
        g.MapPost("/promises", PromiseAsync).RequireAuthorization(Permissions.Collect).WithSummary("The customer promises to pay by a day.");
        g.MapPost("/contacts", ContactMadeAsync).RequireAuthorization(Permissions.Collect).WithSummary("Records an attempt to reach the customer.");
        g.MapPost("/waivers", WaiveAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Waives late fees; above the pack's limit a second person must agree.").Produces<ApprovalAnswer>(202);
        g.MapPost("/write-offs", WriteOffAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Asks to write off what is owed; a second person must agree.").Produces<ApprovalAnswer>(202);
        g.MapPost("/mode", ModeAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Asks to switch between prepaid and postpaid; a second person must agree.").Produces<ApprovalAnswer>(202);
        g.MapPost("/debt", DebtAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Takes what is owed out of the balance, to be recovered by share of payments or by the day.");
        g.MapPost("/restore", RestoreAsync).RequireAuthorization(Permissions.Manage)
            .WithSummary("Restores supply by a person's decision, or calls a cut off that is under way.");
        routes.MapBills();
        routes.MapGet("/v1/approvals", OpenApprovalsAsync).WithTags("Customers").RequireAuthorization(Permissions.Inspect)
            .WithSummary("What waits for a second person, oldest first.").Produces<Page<ApprovalAnswer>>();
        routes.MapGet("/v1/approvals/{id:guid}", ApprovalAsync).WithTags("Customers").RequireAuthorization(Permissions.Inspect)
            .WithSummary("What a second person is asked to agree to, with its hash.").Produces<ApprovalAnswer>().ProducesProblem(404);
        routes.MapPost("/v1/approvals/{id:guid}", ApproveAsync).WithTags("Customers").RequireAuthorization(Permissions.Administer)
            .WithSummary("A second person agrees, or does not.").ProducesProblem(409);
    }

    private static async Task<IResult> SetAsync(string id, CustomerRequest body, HttpContext http, PolicyCatalog policies, CustomerCommands commands,
        GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database, PersonalData personal)
    {
        if (!Requests.TryName<CustomerClass>(body.Class, out var kind))
        {
            return Problems.Of(CustomerRefusals.ClassInvalid, $"class: '{body.Class}' is not residential, business, industrial or important.");
        }

        var traits = CustomerTraits.None;
        foreach (var name in body.Traits ?? [])
        {
            if (!Requests.TryName<CustomerTraits>(name, out var trait) || trait == CustomerTraits.PrepaidConsent)
            {
                return Problems.Of(CustomerRefusals.TraitInvalid,
                    $"traits: '{name}' is not protected, vulnerable or neverCut. Consent to prepaid control is given by consent, a reference to what was "
                        + "signed.");
            }

            traits |= trait;
        }

        if (Requests.CheckText("consent", body.Consent) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await policies.NumberOfAsync(body.Policy) is not { } family)
        {
            return Problems.Of(PolicyRefusals.Unknown, $"policy: there is no policy pack '{body.Policy}'.");
        }

        var result = await commands.ExecuteAsync(http, id, "customer", number => new SetCustomer(number, family, kind, traits, body.Consent));
        return result is IStatusCodeHttpResult { StatusCode: 200 } ? await GetAsync(id, http.User, directory, grains, database, personal) : result;
    }

    private static async Task<IResult> SetCycleAsync(string id, BillingCycleRequest body, HttpContext http, CustomerCommands commands,
        GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database, PersonalData personal)
    {
        var result = await commands.ExecuteAsync(http, id, "billing-cycle", number => new SetBillingCycle(number, body.Day, body.Months));
        return result is IStatusCodeHttpResult { StatusCode: 200 } ? await GetAsync(id, http.User, directory, grains, database, personal) : result;
    }

    private static async Task<IResult> GetAsync(string id, ClaimsPrincipal user, GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database,
        PersonalData personal)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        if (await grains.Partition(address.Partition).Workflow(address.Number) is not { } view)
        {
            return NoPolicy(id);
        }

        var (contact, next) = await AccountContacts.FindAsync(database, personal, address, user.SeesContacts());
        return TypedResults.Ok(new CustomerAnswer(
            id, view.Policy, view.Class, view.Traits, view.Stage, view.StageDay == 0 ? null : Instants.DayToText(view.StageDay), view.OverdueDays,
            new Money(view.UnpaidNano).ToString(), new Money(view.LateFeesNano).ToString(),
            new Money(view.DebtNano).ToString(), view.Relay, view.TenthsOfDaysLeft / 10m, view.Holds, contact, next,
            [.. view.Cycles.Select(c => new BillingCycleAnswer(c.FromDay == 0 ? null : Instants.DayToText(c.FromDay), c.Day, c.Months, c.ByInstalments))],
            view.BilledThroughDay == 0 ? null : Instants.DayToText(view.BilledThroughDay),
            [.. view.Levels.Select(l => new LevelAnswer(l.Kind, l.Days == 0 ? null : l.Days, new Money(l.FireNano).ToString()))]));
    }

    private static async Task<IResult> InterlockAsync(string id, GridDirectory directory, IGrainFactory grains)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        if (await grains.Partition(address.Partition).Workflow(address.Number) is not { } view)
        {
            return NoPolicy(id);
        }

        using var facts = JsonDocument.Parse(view.Facts);
        return TypedResults.Ok(new InterlockAnswer(
            id, view.InterlockGo, [.. view.Reasons.Select(r => new InterlockReasonAnswer(r.Code, r.Detail))], view.Policy, view.Version,
            Instants.ToInstant(view.AtMs), facts.RootElement.Clone()));
    }

    private static Task<IResult> HoldAsync(string id, HoldRequest body, CustomerCommands commands, HttpContext http) =>
        AccountOrders.OfHold(body.Kind, body.Until, body.Reason, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(http, id, "hold", command);

    private static Task<IResult> LiftAsync(string id, string kind, string? reason, CustomerCommands commands, HttpContext http) =>
        AccountOrders.OfLift(kind, reason, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(http, id, "lift", command);

    private static Task<IResult> AnnounceAsync(string id, AnnounceRequest body, CustomerCommands commands, HttpContext http) =>
        AccountOrders.OfAnnouncement(body.Reference, body.Until, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(http, id, "announce", command);

    /// <summary>The account's log decides, by the pack and the grade of now; what is beyond it waits for a second person where the request has a key.</summary>
    private static async Task<IResult> PlanAsync(
        string id, PlanRequest body, ClaimsPrincipal user, CustomerCommands commands, CustomerStore customers, Approvals approvals, HttpContext http)
    {
        var instalments = new List<Instalment>();
        foreach (var instalment in body.Instalments)
        {
            if (Requests.CheckAmount("instalments.amount", instalment.Amount, out var amount) is { } wrong)
            {
                return Problems.Of(wrong);
            }

            instalments.Add(new Instalment(instalment.Day.DayNumber, amount));
        }

        var grade = await customers.GradeOfAccountAsync(id) ?? RiskGrade.B;
        var result = await commands.ExecuteAsync(http, id, "plan", number => new AgreePlan(number, instalments, user.Person(), grade));
        return Approvals.NeedsSecond(result) && Requests.CheckKey(http, out var key) is null
            ? await approvals.AskAsync(id, "plan", body, user.Person(), key)
            : result;
    }

    private static Task<IResult> CancelPlanAsync(string id, string? reason, HttpContext http, CustomerCommands commands) =>
        Requests.CheckText("reason", reason) is { } wrong ? Wrong(wrong)
        : commands.ExecuteAsync(http, id, "plan-cancel", number => new CancelPlan(number, http.User.Person(), reason ?? ""));

    private static Task<IResult> PromiseAsync(string id, PromiseRequest body, CustomerCommands commands, HttpContext http) =>
        commands.ExecuteAsync(http, id, "promise", number => new PromisePayment(number, body.By.DayNumber));

    private static Task<IResult> ContactMadeAsync(string id, ContactMadeRequest body, HttpContext http, CustomerCommands commands) =>
        (Requests.CheckText("kind", body.Kind) ?? Requests.CheckText("outcome", body.Outcome) ?? Requests.CheckText("case", body.Case)
            ?? Requests.CheckText("note", body.Note)) is { } wrong ? Wrong(wrong)
        : commands.ExecuteAsync(
            http, id, "contact", number => new RecordContact(number, body.Kind, http.User.Person(), body.Outcome, body.Case, body.Note));

    private static async Task<IResult> WaiveAsync(string id, WaiverRequest body, ClaimsPrincipal user, CustomerCommands commands, Approvals approvals,
        HttpContext http)
    {
        if ((Requests.CheckAmount("amount", body.Amount, out var amount) ?? Requests.CheckText("reason", body.Reason)
            ?? Requests.CheckKey(http, out _)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        Requests.CheckKey(http, out var key);
        var result = await commands.ExecuteAsync(id, "waiver", number => new WaiveFees(number, amount, body.Reason, user.Person(), null), key, http);
        return Approvals.NeedsSecond(result) ? await approvals.AskAsync(id, "waiver", body, user.Person(), key) : result;
    }

    private static Task<IResult> WriteOffAsync(string id, WriteOffRequest body, ClaimsPrincipal user, Approvals approvals, HttpContext http) =>
        (Requests.CheckKey(http, out var key) ?? Requests.CheckAmount("amount", body.Amount, out _) ?? Requests.CheckText("reason", body.Reason)) is { } wrong
            ? Wrong(wrong)
            : approvals.AskAsync(id, "write-off", body, user.Person(), key);

    private static Task<IResult> ModeAsync(string id, ModeRequest body, ClaimsPrincipal user, Approvals approvals, HttpContext http) =>
        Requests.CheckKey(http, out var key) is { } missing ? Wrong(missing)
        : !IsShare(body.DebtSharePercent) ? Wrong(
            BillingRefusals.DebtShareInvalid,
            $"debtSharePercent: {body.DebtSharePercent} is not 0 to 100 with at most two decimals.")
        : !Requests.TryName<PaymentMode>(body.Mode, out _) ? Wrong(AccountRefusals.ModeInvalid, $"mode: '{body.Mode}' is not prepaid, postpaid or instalments.")
        : (Requests.CheckText("consent", body.Consent) ?? Requests.CheckAmount("debtPerDay", body.DebtPerDay, out _)) is { } wrong ? Wrong(wrong)
        : approvals.AskAsync(id, "mode", body, user.Person(), key);

    private static Task<IResult> RestoreAsync(string id, RestoreRequest body, HttpContext http, CustomerCommands commands) =>
        Requests.CheckText("reason", body.Reason) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(
                http, id, "restore", number => new OrderRestore(number, http.User.Person(), body.Reason, body.Until?.ToUnixTimeMilliseconds()));

    private static Task<IResult> DebtAsync(string id, DebtRequest body, CustomerCommands commands, HttpContext http)
    {
        var wrongAmount = Requests.CheckAmount("amount", body.Amount, out var amount);
        var wrongPerDay = Requests.CheckAmount("perDay", body.PerDay, out var perDay);
        if ((Requests.CheckKey(http, out var key) ?? wrongAmount ?? wrongPerDay ?? Requests.CheckText("reason", body.Reason)) is { } wrong)
        {
            return Wrong(wrong);
        }

        return !IsShare(body.SharePercent)
            ? Wrong(BillingRefusals.DebtShareInvalid, $"sharePercent: {body.SharePercent} is not 0 to 100 with at most two decimals.")
            : commands.ExecuteAsync(
                id, "debt", number => new MoveToDebt(number, amount, (int)(body.SharePercent * 100), perDay, body.Reason), key, http);
    }

    private static bool IsShare(decimal percent) => percent is >= 0 and <= 100 && decimal.Round(percent, 2) == percent;

    private static async Task<IResult> ApproveAsync(Guid id, ApprovalDecision body, ClaimsPrincipal user, CustomerCommands commands) =>
        await commands.AnswerAsync(id, body.Agree, body.Hash, user.Person());

    private static async Task<IResult> ApprovalAsync(Guid id, Approvals approvals) =>
        await approvals.FindAsync(id) is { } found ? TypedResults.Ok(found) : Problems.Of(AccessRefusals.ApprovalUnknown, $"There is no approval {id}.");

    private static async Task<IResult> OpenApprovalsAsync(int? limit, string? cursor, Approvals approvals)
    {
        var (take, after) = (Requests.Limit(limit), (DateTime.UnixEpoch, Guid.Empty));
        if (ListCursor.Read(cursor, "approvals", 2) is [var at, var text] && Guid.TryParse(text, out var id))
        {
            after = (Pages.Time(at), id);
        }

        return TypedResults.Ok(Pages.Of(await approvals.OpenAsync(after, take + 1), take,
            a => ListCursor.Of("approvals", Pages.Text(a.AskedAt), a.Approval.ToString())));
    }

    private static Task<IResult> Wrong(RefusalCode code, string detail) => Task.FromResult<IResult>(Problems.Of(code, detail));

    private static Task<IResult> Wrong(Refusal refusal) => Task.FromResult<IResult>(Problems.Of(refusal));

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NoPolicy(string id) => Problems.Of(
        CustomerRefusals.NoPolicy,
        $"Account '{id}' is under no policy pack: PUT its customer first.");
}
