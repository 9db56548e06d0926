using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Lists of the sections as files.</summary>
internal static class SectionExports
{
    public static void Map(RouteGroupBuilder pages)
    {
        Add(pages, "plans", "/v1/plans", SectionLists.Plans, p => $"{p.Account} {p.AgreedAt:O}", "state", "area");
        Add(pages, "collections", "/v1/relays/open", SectionLists.Relays, r => $"{r.Account} {r.Sequence}", "state");
        Add(pages, "gateways", "/v1/operations/gateways", SectionLists.Gateways, g => g.Gateway, "minutes", "days");
        Add(pages, "silent-meters", "/v1/operations/meters", SectionLists.Meters, m => m.Meter, "hours", "days", "gateway");
        Add(pages, "suspense", "/v1/channels/held", SectionLists.Suspense, p => $"{p.Channel} {p.ChannelTxnId}", "channel");
        Add(pages, "agents", "/v1/agents", SectionLists.Agents, a => a.Id, "channel");
        pages.MapGet("/keys.csv", ConsoleEndpoints.Show(KeysAsync));
        pages.MapGet("/audit.csv", ConsoleEndpoints.Show(TrailAsync));
    }

    /// <param name="name">Of the page and of its text.</param>
    /// <param name="path">The list of the API.</param>
    /// <param name="filters">Of the page's address and of the API's.</param>
    private static void Add<TRow>(
        RouteGroupBuilder pages, string name, string path, Func<ConsoleTexts, IReadOnlyList<ConsoleColumn<TRow>>> columns, Func<TRow, string> key,
        params string[] filters) =>
        pages.MapGet($"/{name}.csv", ConsoleEndpoints.Show(async page => ConsoleEndpoints.NotFor(page, path)
            ?? await new ConsoleExport<TRow>(name, page.T[name], "UTC", "", columns(page.T), key).SendAsync(page, path, page.Query(filters))));

    private static async Task<IResult> KeysAsync(ConsolePage page) =>
        await new ConsoleExport<KeyListItem>("keys", page.T["keys"], "UTC", "", SectionLists.Keys(page.T, page.Now), k => k.Id).SendAsync(page, "/v1/keys");

    private static async Task<IResult> TrailAsync(ConsolePage page) =>
        await new ConsoleExport<AuditedAnswer>("audit", page.T["trail"], "UTC", "", SectionLists.Trail(page.T), r => $"{r.Account} {r.Sequence}")
            .SendAsync(page, "/v1/audit/trail", [.. AdministrationPages.TrailFilters(page)]);
}
