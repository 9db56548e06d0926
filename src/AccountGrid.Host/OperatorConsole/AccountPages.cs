using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Further pages of an account: what it has used, what happened to it, and the link of its customer's page.</summary>
internal static class AccountPages
{
    public static void MapAccountPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accounts/{id}/consumption", ConsoleEndpoints.Show(ConsumptionAsync));
        pages.MapGet("/accounts/{id}/timeline", ConsoleEndpoints.Show(TimelineAsync));
        pages.MapGet("/accounts/{id}/page-link", ConsoleEndpoints.Show(page => LinkAsync(page, _ => Task.FromResult<ConsoleAnswer?>(null))));
        pages.MapPost("/accounts/{id}/page-link", ConsoleEndpoints.Act(
            (page, _) => LinkAsync(page, async path => await page.SendAsync("POST", $"{path}/page-links"))));
        pages.MapGet("/accounts/{id}/entries.csv", ConsoleEndpoints.Show(ExportEntriesAsync));
        pages.MapGet("/accounts/{id}/consumption.csv", ConsoleEndpoints.Show(ExportConsumptionAsync));
        pages.MapGet("/accounts/{id}/timeline.csv", ConsoleEndpoints.Show(ExportTimelineAsync));
        pages.MapGet("/cases.csv", ConsoleEndpoints.Show(ExportCasesAsync));
        pages.MapGet("/exceptions.csv", ConsoleEndpoints.Show(ExportExceptionsAsync));
        pages.MapGet("/operators.csv", ConsoleEndpoints.Show(ExportOperatorsAsync));
    }

    private static string PathOf(ConsolePage page) => $"/v1/accounts/{Uri.EscapeDataString(page.Route("id"))}";

    private static async Task<IResult> ConsumptionAsync(ConsolePage page)
    {
        var query = page.Query("by", "from", "to");
        var answer = await page.SendAsync("GET", ConsoleLinks.List($"{PathOf(page)}/consumption", query));
        if (answer.Status is 403 or 404)
        {
            return ConsoleEndpoints.Refused(page, answer);
        }

        var found = answer.IsGood ? answer.Read<ConsumptionAnswer>() : null;
        var zone = found?.Zone ?? (await page.GetAsync<AccountAnswer>(PathOf(page)))?.Zone ?? "UTC";
        return page.Show<ConsumptionPage>(
            new ConsumptionModel(page.Route("id"), zone, found, query[0].Value ?? "day", query[1].Value, query[2].Value,
                answer.IsGood ? null : answer.Problem.Detail),
            answer.Status);
    }

    private static async Task<IResult> TimelineAsync(ConsolePage page)
    {
        var query = page.Query("kind", "cursor");
        var answer = await page.SendAsync("GET", ConsoleLinks.List($"{PathOf(page)}/timeline", query));
        if (answer.Status is 403 or 404 || await page.GetAsync<AccountAnswer>(PathOf(page)) is not { } account)
        {
            return ConsoleEndpoints.Refused(page, answer);
        }

        var seesAudit = page.Can("GET", "/v1/accounts/{id}/audit");
        return page.Show<TimelinePage>(
            new TimelineModel(
                account.Id, account.Zone, account.Currency, answer.IsGood ? answer.Read<Page<TimelineRow>>() : new([], null, false),
                [.. TimelineKinds.All.Where(k => seesAudit || k != "audit")], query[0].Value, answer.IsGood ? null : answer.Problem.Detail),
            answer.Status);
    }

    /// <summary>The page that makes a link of the customer's page. The link is in the answer to the form alone, and in no address.</summary>
    private static async Task<IResult> LinkAsync(ConsolePage page, Func<string, Task<ConsoleAnswer?>> make)
    {
        if (!page.Can("POST", "/v1/accounts/{id}/page-links"))
        {
            return page.Show<ErrorPage>(new ErrorModel(403), 403);
        }

        var account = await page.SendAsync("GET", PathOf(page));
        if (!account.IsGood)
        {
            return ConsoleEndpoints.Refused(page, account);
        }

        var (known, made) = (account.Read<AccountAnswer>(), await make(PathOf(page)));
        return page.Show<PageLinkPage>(
            new PageLinkModel(
                known.Id, known.Zone, made is { IsGood: true } ? made.Read<PageLinkAnswer>() : null, made is { IsGood: false } ? made.Problem.Detail : null),
            made is { IsGood: false } ? made.Status : 200);
    }

    private static async Task<IResult> ExportEntriesAsync(ConsolePage page) =>
        await OfAccountAsync(page, a => new ConsoleExport<EntryAnswer>(
            $"ledger-{a.Id}", $"{page.T["ledger"]} {a.Id}", a.Zone, a.Id, ConsoleLists.Entries(page.T, a.Zone, a.Currency), e => e.Id)
            .SendAsync(page, $"{PathOf(page)}/entries"));

    private static async Task<IResult> ExportTimelineAsync(ConsolePage page) =>
        await OfAccountAsync(page, a => new ConsoleExport<TimelineRow>(
            $"timeline-{a.Id}", $"{page.T["timeline"]} {a.Id}", a.Zone, a.Id, ConsoleLists.Timeline(page.T, a.Zone, a.Currency), r => $"{r.Kind} {r.Id}")
            .SendAsync(page, $"{PathOf(page)}/timeline", page.Query("kind")));

    private static async Task<IResult> ExportConsumptionAsync(ConsolePage page)
    {
        var query = page.Query("by", "from", "to");
        return await OfAccountAsync(page, a => new ConsoleExport<ConsumptionRow>(
            $"consumption-{a.Id}", $"{page.T["consumption"]} {a.Id}", a.Zone, a.Id, ConsoleLists.Consumption(page.T, a.Zone), r => r.From)
            .SendAsync(page, query, async () =>
            {
                var answer = await page.SendAsync("GET", ConsoleLinks.List($"{PathOf(page)}/consumption", query));
                return (answer.IsGood ? answer.Read<ConsumptionAnswer>().Data : null, false, answer);
            }));
    }

    private static Task<IResult> ExportCasesAsync(ConsolePage page) =>
        new ConsoleExport<Cases.CaseAnswer>("cases", page.T["cases"], "UTC", "", ConsoleLists.Cases(page.T), c => c.Id)
            .SendAsync(page, "/v1/cases", page.Query("owner", "area", "kind"));

    private static Task<IResult> ExportExceptionsAsync(ConsolePage page) =>
        new ConsoleExport<Metering.ExceptionAnswer>(
            "exceptions", page.T["exceptions"], "UTC", "", ConsoleLists.Exceptions(page.T), e => $"{e.Meter} {e.At:O} {e.Code} {e.Register}")
            .SendAsync(page, "/v1/exceptions", page.Query("meter", "account", "code", "open"));

    private static Task<IResult> ExportOperatorsAsync(ConsolePage page) =>
        new ConsoleExport<OperatorAnswer>("operators", page.T["operators"], "UTC", "", ConsoleLists.Operators(page.T), o => o.Name)
            .SendAsync(page, "/v1/operators");

    private static async Task<IResult> OfAccountAsync(ConsolePage page, Func<AccountAnswer, Task<IResult>> then)
    {
        var answer = await page.SendAsync("GET", PathOf(page));
        return answer.IsGood ? await then(answer.Read<AccountAnswer>()) : ConsoleEndpoints.Refused(page, answer);
    }
}
