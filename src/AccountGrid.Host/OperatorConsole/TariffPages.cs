using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Prices;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Pages of tariffs and policy packs: read, compare, draft, publish.</summary>
internal static class TariffPages
{
    private static readonly JsonSerializerOptions Indented = new(Http.ApiJson.Options) { WriteIndented = true };

    public static void Map(RouteGroupBuilder pages)
    {
        foreach (var kind in new[] { "tariff", "policy" })
        {
            var path = ConsoleLinks.Versions(kind)["/console".Length..];
            pages.MapGet(path, ConsoleEndpoints.Show(page => ListAsync(page, kind)));
            pages.MapGet($"{path}/{{id}}/{{version:int}}", ConsoleEndpoints.Show(page => VersionAsync(page, kind)));
            pages.MapGet($"{path}/{{id}}/{{version:int}}/draft", ConsoleEndpoints.Show(page => DraftAsync(page, kind)));
        }

        pages.MapGet("/approvals/{id:guid}", ConsoleEndpoints.Show(PublicationAsync));
    }

    private static async Task<IResult> ListAsync(ConsolePage page, string kind)
    {
        var (versions, refused) = await ReadAsync(page, kind);
        return refused ?? page.Show<VersionsPage>(new VersionsModel(kind, versions));
    }

    private static async Task<IResult> VersionAsync(ConsolePage page, string kind)
    {
        var (own, version, refused) = await FindAsync(page, kind);
        if (version is null)
        {
            return refused!;
        }

        var query = page.Query("with", "all");
        int? with = int.TryParse(query[0].Value, CultureInfo.InvariantCulture, out var number) && number != version.Version ? number : null;
        var other = own.Find(v => v.Version == with);
        if (with is not null && other is null)
        {
            return page.Show<ErrorPage>(new ErrorModel(404), 404);
        }

        var rows = other is null
            ? DefinitionDifferences.Of(version.Definition, null)
            : DefinitionDifferences.Of(other.Definition, version.Definition).Where(r => r.Differs || query[1].Value == "true").ToList();
        return page.Show<VersionPage>(new VersionModel(kind, own, version, with, query[1].Value == "true", rows));
    }

    /// <summary>The form of a further version, filled with this one. Its day is left out: it is another.</summary>
    private static async Task<IResult> DraftAsync(ConsolePage page, string kind)
    {
        var action = ConsoleActions.Find("publish")!;
        var (own, version, refused) = await FindAsync(page, kind);
        if (version is null || !page.Can(action))
        {
            return refused ?? page.Show<ErrorPage>(new ErrorModel(403), 403);
        }

        var draft = (JsonObject)version.Definition.DeepClone();
        draft["version"] = own.Max(v => v.Version) + 1;
        draft.Remove("effectiveFrom");
        var entered = action.Fields.ToDictionary(f => f.Name, f => f.Name switch
        {
            "kind" => kind,
            "definition" => draft.ToJsonString(Indented),
            _ => "",
        });
        return page.Show<ActionPage>(new ActionModel(
            action, null, ConsoleLinks.Version(kind, version.Id, version.Version), "UTC", ActionEndpoints.NewKey(), entered, new Dictionary<string, string>()));
    }

    /// <summary>What a second person is asked to publish: by the same check that the first person was shown.</summary>
    private static async Task<IResult> PublicationAsync(ConsolePage page)
    {
        var answer = await page.SendAsync("GET", $"/v1/approvals/{page.Route("id")}");
        if (!answer.IsGood)
        {
            return ConsoleEndpoints.Refused(page, answer);
        }

        var approval = answer.Read<ApprovalAnswer>();
        if (approval.Kind != "publication")
        {
            return page.Show<ErrorPage>(new ErrorModel(404), 404);
        }

        var (kind, id) = (approval.Body.GetProperty("kind").GetString()!, approval.Body.GetProperty("id").GetString()!);
        var (version, definition) = (approval.Body.GetProperty("version").GetInt32(), approval.Body.GetProperty("definition"));
        var (check, refusal) = await page.Service<Publications>().CheckAsync(kind, definition);
        return page.Show<PublicationPage>(new PublicationModel(
            approval, id, version, check, refusal,
            check?.Follows is null ? DefinitionDifferences.Of(JsonNode.Parse(definition.GetRawText()), null) : check.Changes));
    }

    private static async Task<(List<DefinitionVersion> Own, DefinitionVersion? Version, IResult? Refused)> FindAsync(ConsolePage page, string kind)
    {
        var (all, refused) = await ReadAsync(page, kind);
        var own = all.FindAll(v => v.Id == page.Route("id"));
        var version = own.Find(v => v.Version.ToString(CultureInfo.InvariantCulture) == page.Route("version"));
        return (own, version, refused ?? (version is null ? page.Show<ErrorPage>(new ErrorModel(404), 404) : null));
    }

    /// <summary>All versions, by name, and of each name the latest first.</summary>
    private static async Task<(List<DefinitionVersion> Versions, IResult? Refused)> ReadAsync(ConsolePage page, string kind)
    {
        var answer = await page.SendAsync("GET", kind == "tariff" ? "/v1/tariffs" : "/v1/policies");
        if (!answer.IsGood)
        {
            return ([], ConsoleEndpoints.Refused(page, answer));
        }

        var rows = answer.Read<List<JsonObject>>();
        var today = page.Now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var versions = kind == "tariff" ? rows.ConvertAll(OfTariff) : OfPolicies(rows, today);
        return ([.. versions.OrderBy(v => v.Id, StringComparer.Ordinal).ThenByDescending(v => v.Version)], null);
    }

    private static DefinitionVersion OfTariff(JsonObject row)
    {
        var state = row["state"]!.ToString();
        row.Remove("state");
        return new(row["id"]!.ToString(), (int)row["version"]!, row["effectiveFrom"]?.ToString(), state, row["currency"]!.ToString(), null, row);
    }

    /// <summary>Of a pack the last version that has begun is in force. Days are those of UTC here; an account's begin by its own zone.</summary>
    private static List<DefinitionVersion> OfPolicies(List<JsonObject> rows, string today)
    {
        var packs = rows.ConvertAll(r => new DefinitionVersion(
            r["id"]!.ToString(), (int)r["version"]!, r["effectiveFrom"]!.ToString(), "", r["currency"]!.ToString(), r["hash"]!.ToString()[..12],
            (JsonObject)r["definition"]!.DeepClone()));
        bool HasBegun(DefinitionVersion v) => string.CompareOrdinal(v.From, today) <= 0;
        return packs.ConvertAll(v => v with
        {
            State = !HasBegun(v) ? "announced" : packs.Exists(o => o.Id == v.Id && o.Version > v.Version && HasBegun(o)) ? "ended" : "in-force",
        });
    }
}
