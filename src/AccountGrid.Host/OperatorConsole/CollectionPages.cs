using System.Globalization;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Http;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Pages of collections: what is owed, what is about to be cut, payment plans.</summary>
internal static class CollectionPages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/collections", ConsoleEndpoints.Show(ShowAsync));
        pages.MapGet("/plans", ConsoleEndpoints.Show(PlansAsync));
    }

    private static async Task<IResult> PlansAsync(ConsolePage page)
    {
        var query = page.Query("state", "area", "cursor");
        return ConsoleEndpoints.NotFor(page, "/v1/plans") ?? page.Show<PlansPage>(new PlansModel(
            query[0].Value ?? "open", query[1].Value, await page.PartAsync<Page<PlanAnswer>>(ConsoleLinks.List("/v1/plans", query))));
    }

    private static async Task<IResult> ShowAsync(ConsolePage page)
    {
        // On the first of a month no day of it has ended.
        var query = page.Query("month", "area", "state", "relays", "areas");
        var month = query[0].Value ?? page.Now.AddDays(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var state = query[2].Value ?? "held";
        return page.Show<CollectionsPage>(new CollectionsModel(
            month, query[1].Value, state, await page.PartAsync<FiguresAnswer>(FiguresOf(month, query[1].Value)),
            await page.PartAsync<Page<CaseAnswer>>("/v1/cases?kind=deliver-by-hand&limit=20"),
            await page.PartAsync<Page<OpenRelayAnswer>>(ConsoleLinks.List("/v1/relays/open", ("state", state), ("cursor", query[3].Value))),
            await page.PartAsync<Page<AreaAnswer>>(ConsoleLinks.List("/v1/areas", ("cursor", query[4].Value)))));
    }

    /// <summary>A month with the eleven before it. What is no month the API refuses.</summary>
    private static string FiguresOf(string month, string? area) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1 and < 9999
            ? ConsoleLinks.List("/v1/figures", ("by", "month"), ("from", Day(first.AddMonths(-11))), ("to", Day(first.AddMonths(1).AddDays(-1))),
                ("area", area))
            : ConsoleLinks.List("/v1/figures", ("month", month));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
