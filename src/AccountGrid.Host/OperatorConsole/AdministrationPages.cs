using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Pages of administration: keys, roles, the audit trail, the configuration.</summary>
internal static class AdministrationPages
{
    /// <summary>Roles in the order of the page: people first, then programs.</summary>
    private static readonly (string Name, KeyRole Role)[] Roles =
    [
        .. OperatorStore.Roles.Select(r => (r.Key, r.Value)), ("client", KeyRole.Client), ("gateway", KeyRole.Gateway), ("channel", KeyRole.Channel),
        ("agent", KeyRole.Agent), ("customer", KeyRole.Customer),
    ];

    private static readonly string[] PermissionNames =
    [
        Permissions.Query, Permissions.QueryOwn, Permissions.QueryAll, Permissions.Collect, Permissions.Complain, Permissions.Manage, Permissions.Inspect,
        Permissions.Administer, Permissions.Pay, Permissions.Push, Permissions.Channel, Permissions.Settle,
    ];

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/keys", ConsoleEndpoints.Show(KeysAsync));
        pages.MapGet("/roles", ConsoleEndpoints.Show(page => Task.FromResult(ShowRoles(page))));
        pages.MapGet("/audit", ConsoleEndpoints.Show(TrailAsync));
        pages.MapGet("/configuration", ConsoleEndpoints.Show(ConfigurationAsync));
    }

    private static async Task<IResult> KeysAsync(ConsolePage page) => ConsoleEndpoints.NotFor(page, "/v1/keys")
        ?? page.Show<KeysPage>(new KeysModel(
            await page.PartAsync<Page<KeyListItem>>(ConsoleLinks.List("/v1/keys", [.. page.Query("cursor"), ("limit", "50")]))));

    private static IResult ShowRoles(ConsolePage page) => ConsoleEndpoints.NotFor(page, "/v1/audit/trail") ?? page.Show<RolesPage>(new RolesModel(
        [.. Roles.Select(r => r.Name)],
        [.. PermissionNames.Select(p => (p, (IReadOnlyList<bool>)[.. Roles.Select(r => Permissions.Allows(p, r.Role))]))]));

    /// <summary>The trail's filters as the API takes them, from the page's address.</summary>
    internal static IEnumerable<(string Name, string? Value)> TrailFilters(ConsolePage page)
    {
        // A day is entered; its whole is meant.
        static string? Instant(string? day) => day is null ? null : $"{day}T00:00:00Z";
        static string? Behind(string? day) =>
            DateOnly.TryParseExact(day, "yyyy-MM-dd", out var to) && to < DateOnly.MaxValue ? $"{to.AddDays(1):yyyy-MM-dd}T00:00:00Z" : Instant(day);
        return page.Query("person", "account", "grid", "method", "path", "from", "to")
            .Select(q => q.Name switch { "from" => (q.Name, Instant(q.Value)), "to" => (q.Name, Behind(q.Value)), _ => q });
    }

    private static async Task<IResult> TrailAsync(ConsolePage page)
    {
        var query = page.Query("person", "account", "grid", "method", "path", "from", "to").ToDictionary(q => q.Name, q => q.Value);
        return ConsoleEndpoints.NotFor(page, "/v1/audit/trail") ?? page.Show<TrailPage>(new TrailModel(
            query["person"], query["account"], query["grid"], query["method"], query["path"], query["from"], query["to"],
            await page.PartAsync<Page<AuditedAnswer>>(ConsoleLinks.List("/v1/audit/trail", TrailFilters(page).Concat(page.Query("cursor"))))));
    }

    private static async Task<IResult> ConfigurationAsync(ConsolePage page) =>
        ConsoleEndpoints.NotFor(page, "/v1/operations/configuration") ?? page.Show<ConfigurationPage>(
            new ConfigurationModel(page.Query("all")[0].Value == "true", await page.PartAsync<ConfigurationAnswer>("/v1/operations/configuration")));
}
