using System.Globalization;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;
using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The console's pages. A page asks the API in its operator's name and shows what it answers.</summary>
internal static class ConsoleEndpoints
{
    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup(OperatorSessionHandler.Path).ExcludeFromDescription();
        g.MapGet("/assets/{hash}/{name}", (string hash, string name, HttpContext http) => ConsoleAssets.Of(name, http)).AllowAnonymous();
        g.MapSignIn();
        var pages = g.MapGroup("").RequireAuthorization(Permissions.AnyKey);
        pages.MapGet("", Show(TodayAsync));
        pages.MapGet("/cases", Show(CasesAsync));
        pages.MapGet("/cases/{id}", Show(CaseAsync));
        pages.MapGet("/exceptions", Show(ExceptionsAsync));
        pages.MapGet("/approvals", Show(ApprovalsAsync));
        pages.MapGet("/operators", Show(OperatorsAsync));
        pages.MapPost("/search", Act(SearchAsync));
        pages.MapGet("/accounts/{id}", Show(AccountAsync));
        pages.MapGet("/accounts/{id}/entries", Show(EntriesAsync));
        pages.MapGet("/accounts/{id}/explain", Show(ExplainAsync));
        pages.MapGet("/accounts/{id}/bills/{month}", Show(BillAsync));
        pages.MapAccountPages();
        pages.MapBulk();
        pages.MapGet("/accounts/{id}/live", LiveAsync).DisableRequestTimeout();
        pages.MapGet("/meters/{id}", Show(MeterAsync));
        pages.MapGet("/do/{action}", Show(ActionEndpoints.FormAsync));
        pages.MapPost("/do/{action}", Act(ActionEndpoints.SendAsync));
        pages.MapGet("/me", Show(page => Task.FromResult<IResult>(page.Show<MePage>(RoleName(page)))));
        pages.MapPost("/me", Act(MeAsync));
        CollectionPages.Map(pages);
        PaymentPages.Map(pages);
        FilePages.Map(pages);
        ServicePages.Map(pages);
        TariffPages.Map(pages);
        GridPages.Map(pages);
        AdministrationPages.Map(pages);
        WebhookPages.Map(pages);
        SectionExports.Map(pages);
        g.MapFallback("/{**rest}", Show(page => Task.FromResult<IResult>(page.Show<ErrorPage>(new ErrorModel(404), 404))))
            .RequireAuthorization(Permissions.AnyKey);
    }

    /// <summary>A page that only shows.</summary>
    internal static Delegate Show(Func<ConsolePage, Task<IResult>> show) =>
        (HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources) => show(new ConsolePage(http, api, sources));

    /// <summary>
    /// What a form asks for: only one that this session's page made. Another site can make a browser send a form with the session's cookie; what the form
    /// carries it cannot know.
    /// </summary>
    internal static Delegate Act(Func<ConsolePage, IFormCollection, Task<IResult>> act) =>
        async (HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources) =>
        {
            var page = new ConsolePage(http, api, sources);
            if (!http.Request.HasFormContentType)
            {
                return page.Show<ErrorPage>(new ErrorModel(403, page.T["wrong.form"]), 403);
            }

            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (!ConsoleForms.IsOwn(http.Request, form, page.FormToken))
            {
                return page.Show<ErrorPage>(new ErrorModel(403, page.T["wrong.form"]), 403);
            }

            return await act(page, form);
        };

    /// <summary>What the API refused, as a page.</summary>
    internal static IResult Refused(ConsolePage page, ConsoleAnswer answer) =>
        page.Show<ErrorPage>(new ErrorModel(answer.Status, answer.Problem.Detail), answer.Status);

    /// <summary>The page that says so where the operator's role may not ask what a page is about.</summary>
    internal static IResult? NotFor(ConsolePage page, string pattern) => page.Can("GET", pattern) ? null : page.Show<ErrorPage>(new ErrorModel(403), 403);

    private static string RoleName(ConsolePage page) => OperatorStore.Roles.First(r => r.Value == page.Role).Key;

    private static async Task<IResult> TodayAsync(ConsolePage page)
    {
        const string Cases = "/v1/cases?limit=20&owner=";
        return page.Show<TodayPage>(new TodayModel(
            await page.GetAsync<Page<CaseAnswer>>(Cases + "me"), await page.GetAsync<Page<CaseAnswer>>(Cases + "none"),
            await page.GetAsync<List<FindingAnswer>>("/v1/operations/findings"),
            (await page.GetAsync<List<QuarantineAnswer>>("/v1/quarantine?limit=20"))?.FindAll(q => q.ResolvedAt is null),
            await page.GetAsync<List<HeldCut>>("/v1/relays/held"), await page.GetAsync<List<NoticeAnswer>>("/v1/notices/parked?limit=20")));
    }

    private static async Task<IResult> CasesAsync(ConsolePage page)
    {
        var query = page.Query("owner", "area", "kind", "cursor");
        var answer = await page.SendAsync("GET", ConsoleLinks.List("/v1/cases", [.. query]));
        if (answer.Status == 403)
        {
            return Refused(page, answer);
        }

        var found = answer.IsGood ? answer.Read<Page<CaseAnswer>>() : new([], null, false);
        return page.Show<CasesPage>(
            new CasesModel(found.Data, found.NextCursor, query[0].Value, query[1].Value, query[2].Value, [.. Enum.GetValues<CaseKind>().Select(k => k.Code())],
                answer.IsGood ? null : answer.Problem.Detail),
            answer.Status);
    }

    private static async Task<IResult> CaseAsync(ConsolePage page)
    {
        var answer = await page.SendAsync("GET", $"/v1/cases/{Uri.EscapeDataString(page.Route("id"))}");
        return answer.IsGood ? page.Show<CasePage>(answer.Read<CaseHistoryAnswer>()) : Refused(page, answer);
    }

    private static async Task<IResult> ExceptionsAsync(ConsolePage page)
    {
        var query = page.Query("meter", "account", "code", "open", "cursor");
        var answer = await page.SendAsync("GET", ConsoleLinks.List("/v1/exceptions", [.. query]));
        if (answer.Status == 403)
        {
            return Refused(page, answer);
        }

        var found = answer.IsGood ? answer.Read<Page<ExceptionAnswer>>() : new([], null, false);
        return page.Show<ExceptionsPage>(
            new ExceptionsModel(found.Data, found.NextCursor, query[0].Value, query[1].Value, query[2].Value, query[3].Value ?? "",
                answer.IsGood ? null : answer.Problem.Detail),
            answer.Status);
    }

    private static async Task<IResult> ApprovalsAsync(ConsolePage page)
    {
        var answer = await page.SendAsync("GET", "/v1/approvals");
        return answer.IsGood ? page.Show<ApprovalsPage>(answer.Read<List<ApprovalAnswer>>()) : Refused(page, answer);
    }

    private static async Task<IResult> OperatorsAsync(ConsolePage page)
    {
        var answer = await page.SendAsync("GET", "/v1/operators");
        return answer.IsGood ? page.Show<OperatorsPage>(answer.Read<List<OperatorAnswer>>()) : Refused(page, answer);
    }

    private static async Task<IResult> SearchAsync(ConsolePage page, IFormCollection form)
    {
        var text = form["q"].ToString().Trim();
        var answer = await page.SendAsync("POST", "/v1/search", new SearchRequest(text));
        var found = answer.IsGood ? answer.Read<SearchAnswer>().Hits : [];

        // Whoever types a whole id wants to be there, where nothing of another account has it.
        var whole = found.Where(h => h.Id == text).ToList();
        return whole.Exists(h => h.Kind == "account") && whole.TrueForAll(h => h.Account == text)
            ? new SeeOther(ConsoleLinks.Account(text))
            : page.Show<SearchPage>(
                new SearchModel(text, [.. found.GroupBy(h => h.Kind)], answer.IsGood ? null : answer.Problem.Detail), answer.IsGood ? 200 : answer.Status);
    }

    private static async Task<IResult> AccountAsync(ConsolePage page)
    {
        var path = $"/v1/accounts/{Uri.EscapeDataString(page.Route("id"))}";
        var answer = await page.SendAsync("GET", path);
        if (!answer.IsGood)
        {
            return Refused(page, answer);
        }

        return page.Show<AccountPage>(new AccountModel(
            answer.Read<AccountAnswer>(), (await page.GetAsync<BalanceAnswer>($"{path}/balance"))!, await page.GetAsync<CustomerAnswer>($"{path}/customer"),
            await page.GetAsync<InterlockAnswer>($"{path}/interlock"), await page.GetAsync<Page<EntryAnswer>>($"{path}/entries?limit=50"),
            await page.GetAsync<List<NoticeAnswer>>($"{path}/notices?limit=10"), await page.GetAsync<List<BillAnswer>>($"{path}/bills"),
            await page.GetAsync<Page<CaseAnswer>>($"/v1/cases?limit=20&account={Uri.EscapeDataString(page.Route("id"))}"),
            page.Can("GET", "/v1/accounts/{id}/audit") ? await page.GetAsync<Page<TimelineRow>>($"{path}/timeline?limit=20") : null));
    }

    private static async Task<IResult> EntriesAsync(ConsolePage page)
    {
        var path = $"/v1/accounts/{Uri.EscapeDataString(page.Route("id"))}";
        var entries = await page.SendAsync("GET", ConsoleLinks.List($"{path}/entries", [.. page.Query("cursor")]));
        return entries.IsGood && await page.GetAsync<AccountAnswer>(path) is { } account
            ? page.Show<EntriesPage>(new EntriesModel(account.Id, account.Zone, account.Currency, entries.Read<Page<EntryAnswer>>()))
            : Refused(page, entries);
    }

    private static async Task<IResult> ExplainAsync(ConsolePage page)
    {
        var path = $"/v1/accounts/{Uri.EscapeDataString(page.Route("id"))}";
        var answer = await page.SendAsync("GET", $"{path}/explain");
        return answer.IsGood && await page.GetAsync<AccountAnswer>(path) is { } account
            ? page.Show<ExplainPage>(answer.Read<ExplainAnswer>(), 200, ("Zone", account.Zone))
            : Refused(page, answer);
    }

    /// <summary>The bill as its customer gets it.</summary>
    private static async Task<IResult> BillAsync(ConsolePage page)
    {
        var answer = await page.SendAsync("GET",
            $"/v1/accounts/{Uri.EscapeDataString(page.Route("id"))}/bills/{Uri.EscapeDataString(page.Route("month"))}", accept: "text/html");
        if (!answer.IsGood)
        {
            return Refused(page, answer);
        }

        page.AsBill();
        return TypedResults.Bytes(answer.Body, answer.ContentType);
    }

    private static async Task<IResult> MeterAsync(ConsolePage page)
    {
        var path = $"/v1/meters/{Uri.EscapeDataString(page.Route("id"))}";
        var answer = await page.SendAsync("GET", path);
        if (!answer.IsGood)
        {
            return Refused(page, answer);
        }

        var meter = answer.Read<MeterAnswer>();
        var account = meter.Account is { } id ? await page.GetAsync<AccountAnswer>($"/v1/accounts/{Uri.EscapeDataString(id)}") : null;

        // The page shows the last 31 rows; 60 days of all of a meter's registers are less than a page of the API, which begins with the oldest.
        var from = meter.At.AddDays(-60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return page.Show<MeterPage>(new MeterModel(meter, await page.GetAsync<List<ExplainDay>>($"{path}/days?from={from}") ?? [], account?.Zone ?? "UTC"));
    }

    /// <summary>The account's balance as it changes, for as long as the session lasts.</summary>
    private static async Task<IResult> LiveAsync(string id, HttpContext http, IAuthorizationService authorization, GridDirectory directory,
        AccountStreams streams)
    {
        if (!(await authorization.AuthorizeAsync(http.User, http, Permissions.Query)).Succeeded)
        {
            return Problems.Of(AccessRefusals.KeyNotAllowed, "The operator's role may not do this, or not to this account.");
        }

        return await directory.FindAccountAsync(id) is null ? Problems.UnknownAccount(id) : streams.Of(id);
    }

    private static async Task<IResult> MeAsync(ConsolePage page, IFormCollection form)
    {
        var (language, theme) = (form["language"].ToString(), form["theme"].ToString());
        if (language is "en" or "zh-CN" && theme is "" or "light" or "dark")
        {
            await page.SetViewAsync(language, theme);
        }

        return new SeeOther($"{OperatorSessionHandler.Path}/me");
    }
}
