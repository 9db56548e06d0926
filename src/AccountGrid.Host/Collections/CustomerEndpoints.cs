using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Security;
using Npgsql;
using NpgsqlTypes;

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
        g.MapPut("/contact", SetContactAsync).RequireAuthorization(Permissions.Manage).WithSummary("Language, channels in order, area, manager.")
            .Produces<ContactRequest>();
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
            .WithSummary("What waits for a second person, oldest first.").Produces<IReadOnlyList<ApprovalAnswer>>();
        routes.MapGet("/v1/approvals/{id:guid}", ApprovalAsync).WithTags("Customers").RequireAuthorization(Permissions.Inspect)
            .WithSummary("What a second person is asked to agree to, with its hash.").Produces<ApprovalAnswer>().ProducesProblem(404);
        routes.MapPost("/v1/approvals/{id:guid}", ApproveAsync).WithTags("Customers").RequireAuthorization(Permissions.Administer)
            .WithSummary("A second person agrees, or does not.").ProducesProblem(409);
    }

    private static async Task<IResult> SetAsync(string id, CustomerRequest body, ClaimsPrincipal user, PolicyCatalog policies, CustomerCommands commands,
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

        var result = await commands.ExecuteAsync(id, "customer", body, number => new SetCustomer(number, family, kind, traits, body.Consent));
        return result is IStatusCodeHttpResult { StatusCode: 200 } ? await GetAsync(id, user, directory, grains, database, personal) : result;
    }

    private static async Task<IResult> SetCycleAsync(string id, BillingCycleRequest body, ClaimsPrincipal user, CustomerCommands commands,
        GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database, PersonalData personal)
    {
        var result = await commands.ExecuteAsync(id, "billing-cycle", body, number => new SetBillingCycle(number, body.Day, body.Months));
        return result is IStatusCodeHttpResult { StatusCode: 200 } ? await GetAsync(id, user, directory, grains, database, personal) : result;
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

        ContactRequest? contact = null;
        DateTimeOffset? next = null;
        await using (var command = database.CreateCommand(
            """
            select c.language, c.channels::text, c.area, c.manager, d.due_at
            from account a left join contact c on c.partition = a.partition and c.account = a.number left join due d on d.partition = a.partition
              and d.account = a.number
            where a.partition = $1 and a.number = $2
            """))
        {
            Statements.Add(command, address.Partition, address.Number);
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync())
            {
                contact = reader.IsDBNull(0)
                    ? null
                    : new ContactRequest(reader.GetString(0), Channels(reader.GetString(1), personal, user.SeesContacts()), Text(reader, 2), Text(reader, 3));
                next = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4);
            }
        }

        return TypedResults.Ok(new CustomerAnswer(
            id, view.Policy, view.Class, view.Traits, view.Stage, view.StageDay == 0 ? null : Instants.DayToText(view.StageDay), view.OverdueDays,
            new Money(view.UnpaidNano).ToString(), new Money(view.LateFeesNano).ToString(),
            new Money(view.DebtNano).ToString(), view.Relay, view.TenthsOfDaysLeft / 10m, view.Holds, contact, next,
            [.. view.Cycles.Select(c => new BillingCycleAnswer(c.FromDay == 0 ? null : Instants.DayToText(c.FromDay), c.Day, c.Months, c.ByInstalments))],
            view.BilledThroughDay == 0 ? null : Instants.DayToText(view.BilledThroughDay),
            [.. view.Levels.Select(l => new LevelAnswer(l.Kind, l.Days == 0 ? null : l.Days, new Money(l.FireNano).ToString()))]));
    }

    private static async Task<IResult> SetContactAsync(string id, ContactRequest body, GridDirectory directory, NoticeTexts texts, NpgsqlDataSource database,
        SealedChannels channels, CustomerStore owners, CaseDesk mover, ClaimsPrincipal user, TimeProvider time)
    {
        if ((RegistryChecks.Contact(body.Language, body.Channels, texts) ?? Requests.CheckText("area", body.Area)
            ?? Requests.CheckText("manager", body.Manager)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        // What the account's customer decides stays as the customer says.
        if (await owners.OfAccountAsync(address.Number) is { } owner)
        {
            if ((body.Area is { } area && owner.Area is { } fixedArea && area != fixedArea) || (body.Manager is { } manager && manager != owner.Manager))
            {
                return Problems.Of(RegistryRefusals.ContactOfCustomer,
                    $"area, manager: the account belongs to customer '{owner.Id}', which has area '{owner.Area}' and manager '{owner.Manager}'.");
            }

            body = body with { Area = owner.Area ?? body.Area, Manager = owner.Manager };
        }

        await WriteContactAsync(database, channels, address, body, time.GetUtcNow());
        await mover.MoveAsync([address.Number], user.Person(), "Area or manager of the account was changed.");
        return TypedResults.Ok(body);
    }

    private static async Task WriteContactAsync(
        NpgsqlDataSource database, SealedChannels channels, AccountAddress address, ContactRequest body, DateTimeOffset now)
    {
        await using var find = database.CreateCommand("select channels::text from contact where partition = $1 and account = $2");
        Statements.Add(find, address.Partition, address.Number);
        var kept = await find.ExecuteScalarAsync() as string;
        const string Sql = """
            insert into contact (partition, account, changed_at, language, channels, area, manager) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (partition, account) do update set language = excluded.language, channels = excluded.channels, area = excluded.area,
              manager = excluded.manager, of_customer = false, changed_at = excluded.changed_at
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, address.Partition, address.Number, now.ToUniversalTime(), body.Language);
        command.Parameters.Add(new() { Value = channels.Of(body.Channels, kept), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = (object?)body.Area ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)body.Manager ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
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

    private static Task<IResult> HoldAsync(string id, HoldRequest body, CustomerCommands commands) =>
        AccountOrders.OfHold(body.Kind, body.Until, body.Reason, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(id, "hold", body, command);

    private static Task<IResult> LiftAsync(string id, string kind, string? reason, CustomerCommands commands) =>
        AccountOrders.OfLift(kind, reason, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(id, "lift", new { kind, reason }, command);

    private static Task<IResult> AnnounceAsync(string id, AnnounceRequest body, CustomerCommands commands) =>
        AccountOrders.OfAnnouncement(body.Reference, body.Until, out var command) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(id, "announce", body, command);

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
        var result = await commands.ExecuteAsync(id, "plan", body, number => new AgreePlan(number, instalments, user.Person(), grade));
        return Approvals.NeedsSecond(result) && Requests.CheckKey(http, out var key) is null
            ? await approvals.AskAsync(id, "plan", body, user.Person(), key)
            : result;
    }

    private static Task<IResult> CancelPlanAsync(string id, string? reason, ClaimsPrincipal user, CustomerCommands commands) =>
        Requests.CheckText("reason", reason) is { } wrong ? Wrong(wrong)
        : commands.ExecuteAsync(id, "plan-cancel", new { reason }, number => new CancelPlan(number, user.Person(), reason ?? ""));

    private static Task<IResult> PromiseAsync(string id, PromiseRequest body, CustomerCommands commands) =>
        commands.ExecuteAsync(id, "promise", body, number => new PromisePayment(number, body.By.DayNumber));

    private static Task<IResult> ContactMadeAsync(string id, ContactMadeRequest body, ClaimsPrincipal user, CustomerCommands commands) =>
        (Requests.CheckText("kind", body.Kind) ?? Requests.CheckText("outcome", body.Outcome) ?? Requests.CheckText("case", body.Case)
            ?? Requests.CheckText("note", body.Note)) is { } wrong ? Wrong(wrong)
        : commands.ExecuteAsync(id, "contact", body, number => new RecordContact(number, body.Kind, user.Person(), body.Outcome, body.Case, body.Note));

    private static async Task<IResult> WaiveAsync(string id, WaiverRequest body, ClaimsPrincipal user, CustomerCommands commands, Approvals approvals,
        HttpContext http)
    {
        if ((Requests.CheckAmount("amount", body.Amount, out var amount) ?? Requests.CheckText("reason", body.Reason)
            ?? Requests.CheckKey(http, out _)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        Requests.CheckKey(http, out var key);
        var result = await commands.ExecuteAsync(id, "waiver", body, number => new WaiveFees(number, amount, body.Reason, user.Person(), null), key);
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

    private static Task<IResult> RestoreAsync(string id, RestoreRequest body, ClaimsPrincipal user, CustomerCommands commands) =>
        Requests.CheckText("reason", body.Reason) is { } wrong
            ? Wrong(wrong)
            : commands.ExecuteAsync(id, "restore", body, number => new OrderRestore(number, user.Person(), body.Reason, body.Until?.ToUnixTimeMilliseconds()));

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
            : commands.ExecuteAsync(id, "debt", body, number => new MoveToDebt(number, amount, (int)(body.SharePercent * 100), perDay, body.Reason),
                key);
    }

    private static bool IsShare(decimal percent) => percent is >= 0 and <= 100 && decimal.Round(percent, 2) == percent;

    private static async Task<IResult> ApproveAsync(Guid id, ApprovalDecision body, ClaimsPrincipal user, CustomerCommands commands) =>
        await commands.AnswerAsync(id, body.Agree, body.Hash, user.Person());

    private static async Task<IResult> ApprovalAsync(Guid id, Approvals approvals) =>
        await approvals.FindAsync(id) is { } found ? TypedResults.Ok(found) : Problems.Of(AccessRefusals.ApprovalUnknown, $"There is no approval {id}.");

    private static async Task<IResult> OpenApprovalsAsync(int? limit, Approvals approvals) =>
        TypedResults.Ok<IReadOnlyList<ApprovalAnswer>>(await approvals.OpenAsync(Requests.Limit(limit)));

    private static List<ContactChannel> Channels(string json, PersonalData personal, bool inTheClear) =>
        [
            .. JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Select(
                c => c with { To = personal.Unseal(c.To) is var to && inTheClear ? to : PersonalData.Mask(to) })];

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static Task<IResult> Wrong(RefusalCode code, string detail) => Task.FromResult<IResult>(Problems.Of(code, detail));

    private static Task<IResult> Wrong(Refusal refusal) => Task.FromResult<IResult>(Problems.Of(refusal));

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NoPolicy(string id) => Problems.Of(
        CustomerRefusals.NoPolicy,
        $"Account '{id}' is under no policy pack: PUT its customer first.");
}
