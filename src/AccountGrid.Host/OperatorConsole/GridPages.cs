using AccountGrid.Host.Http;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Pages for whoever runs the grid.</summary>
internal static class GridPages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/grid", ConsoleEndpoints.Show(GridAsync));
        pages.MapGet("/gateways", ConsoleEndpoints.Show(GatewaysAsync));
        pages.MapGet("/silent-meters", ConsoleEndpoints.Show(MetersAsync));
    }

    private static async Task<IResult> GridAsync(ConsolePage page) => ConsoleEndpoints.NotFor(page, "/v1/operations/grid") ?? page.Show<GridPage>(new GridModel(
        await page.PartAsync<GridAnswer>("/v1/operations/grid"), await page.PartAsync<List<FindingAnswer>>("/v1/operations/findings"),
        await page.PartAsync<List<QuarantineAnswer>>("/v1/quarantine?limit=20")));

    private static async Task<IResult> MetersAsync(ConsolePage page)
    {
        var query = page.Query("hours", "days", "gateway", "cursor");
        return ConsoleEndpoints.NotFor(page, "/v1/operations/meters") ?? page.Show<SilentMetersPage>(new SilentMetersModel(
            query[0].Value, query[1].Value, query[2].Value, await page.PartAsync<Page<SilentMeterAnswer>>(ConsoleLinks.List("/v1/operations/meters", query))));
    }

    private static async Task<IResult> GatewaysAsync(ConsolePage page)
    {
        var query = page.Query("minutes", "days", "cursor");
        return ConsoleEndpoints.NotFor(page, "/v1/operations/gateways") ?? page.Show<GatewaysPage>(new GatewaysModel(
            query[0].Value, query[1].Value, await page.PartAsync<Page<GatewaySeenAnswer>>(ConsoleLinks.List("/v1/operations/gateways", [.. query]))));
    }
}
