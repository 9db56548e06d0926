using AccountGrid.Host.Http;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Webhooks of programs: how they are, what was delivered, and what brings one back.</summary>
internal static class WebhookPages
{
    private const string List = "/v1/webhooks";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/webhooks", ConsoleEndpoints.Show(ListAsync));
        pages.MapGet("/webhooks.csv", ConsoleEndpoints.Show(ExportAsync));
        pages.MapGet("/webhooks/{webhook:guid}", ConsoleEndpoints.Show(ShowAsync));
        pages.MapGet("/webhooks/{webhook:guid}/deliveries.csv", ConsoleEndpoints.Show(ExportDeliveriesAsync));
    }

    private static string PathOf(ConsolePage page) => $"{List}/{page.Route("webhook")}";

    private static async Task<IResult> ListAsync(ConsolePage page) => ConsoleEndpoints.NotFor(page, List)
        ?? page.Show<WebhooksPage>(await page.PartAsync<List<WebhookAnswer>>(List));

    private static async Task<IResult> ShowAsync(ConsolePage page)
    {
        var found = await page.SendAsync("GET", PathOf(page));
        if (!found.IsGood)
        {
            return ConsoleEndpoints.Refused(page, found);
        }

        var query = page.Query("state", "cursor");
        return page.Show<WebhookPage>(new WebhookModel(
            found.Read<WebhookAnswer>(), query[0].Value,
            await page.PartAsync<Page<DeliveryLogAnswer>>(ConsoleLinks.List($"{PathOf(page)}/deliveries", query))));
    }

    private static Task<IResult> ExportAsync(ConsolePage page) =>
        new ConsoleExport<WebhookAnswer>("webhooks", page.T["webhooks"], "UTC", "", ConsoleLists.Webhooks(page.T), w => $"{w.Id}").SendAsync(page, List);

    private static Task<IResult> ExportDeliveriesAsync(ConsolePage page) =>
        new ConsoleExport<DeliveryLogAnswer>(
            $"deliveries-{page.Route("webhook")}", $"{page.T["webhook.deliveries"]} {page.Route("webhook")}", "UTC", "", ConsoleLists.Deliveries(page.T),
            d => d.Event)
            .SendAsync(page, $"{PathOf(page)}/deliveries", page.Query("state"));
}
