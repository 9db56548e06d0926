using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Prices;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Versions of tariffs and policy packs in the console: read, compared, drafted, and published by two people.</summary>
public sealed partial class TariffPageTests(GridFixture grid)
{
    [Fact]
    public async Task A_version_is_drafted_shown_beside_the_last_and_published_by_a_second_person()
    {
        // The audit at the end needs an account, also where no other class has opened one.
        await grid.OpenAsync("CTP-A");
        var first = GridFixture.Flat() with { Id = "ctp-flat", Rates = [new("flat", "0.50")] };
        await grid.Admin.RegisterAsync("/v1/tariffs", first);
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/tariffs/ctp-flat/1");
        Assert.Equal(200, browser.Status);
        Assert.Contains("<th scope=\"row\">rates[flat].pricePerKwh</th>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/tariffs/ctp-flat/1/draft");
        var draft = JsonNode.Parse(WebUtility.HtmlDecode(TextAreaOf(browser.Text)))!.AsObject();
        Assert.Equal((2, null, "ctp-flat"), ((int)draft["version"]!, draft["effectiveFrom"], (string)draft["id"]!));
        Assert.False(draft.ContainsKey("state"));

        var day = DateOnly.FromDateTime(grid.Time.GetUtcNow().UtcDateTime).AddDays(60);
        draft["effectiveFrom"] = $"{day:yyyy-MM-dd}";
        draft["rates"]![0]!["pricePerKwh"] = "0.55";
        (string, string)[] entered = [("kind", "tariff"), ("definition", draft.ToJsonString()), ("reason", "A new <b>year</b>")];
        await browser.GetAsync("/console/do/publish");
        await browser.PostAsync("/console/do/publish", [.. entered.Select(e => ($"f.{e.Item1}", e.Item2)), ("step", "check")]);
        Assert.Equal(200, browser.Status);
        var shown = WebUtility.HtmlDecode(browser.Text);
        Assert.Contains("rates[flat].pricePerKwh: 0.50 → 0.55", shown, StringComparison.Ordinal);
        Assert.Contains($"<dd>{day:yyyy-MM-dd}</dd>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("A new <b>year", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync("/console/do/publish", [.. entered.Select(e => ($"f.{e.Item1}", e.Item2)), ("step", "do")]);
        Assert.Equal("/console?asked=publish", browser.Went);
        await browser.GetAsync("/console/tariffs/ctp-flat/2");
        Assert.Equal(404, browser.Status);

        var approval = (await grid.Admin.ListAsync<ApprovalAnswer>("/v1/approvals?limit=500"))
            .Last(a => a.Kind == "publication" && a.Body.GetProperty("id").GetString() == "ctp-flat");
        using var second = await ConsoleBrowser.AsAsync(grid, "administrator", language: "zh-CN");
        await second.GetAsync("/console/approvals");
        Assert.Contains($"href=\"/console/approvals/{approval.Approval}\"", second.Text, StringComparison.Ordinal);
        await second.GetAsync($"/console/approvals/{approval.Approval}");
        Assert.Contains("<th scope=\"row\">rates[flat].pricePerKwh</th>", second.Text, StringComparison.Ordinal);
        Assert.Contains("有差异", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<th scope=\"row\">currency</th>", second.Text, StringComparison.Ordinal);

        // Whoever asked cannot agree.
        await browser.DoAsync("approval-agree", $"{approval.Approval}", ("agree", "true"), ("hash", approval.Hash));
        Assert.Equal(409, browser.Status);
        await second.DoAsync("approval-agree", $"{approval.Approval}", ("agree", "true"), ("hash", approval.Hash));
        Assert.Equal("/console?done=approval-agree", second.Went);
        Assert.Equal([2, 1], (await grid.Admin.GetAsync<ProductAnswer>("/v1/tariffs/ctp-flat")).Versions.Select(v => v.Version));
        await browser.GetAsync("/console/tariffs/ctp-flat/2?with=1");
        Assert.Contains("<td>0.50</td>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("<td>0.55</td>", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<th scope=\"row\">currency</th>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/tariffs/ctp-flat/2?with=1&all=true");
        Assert.Contains("<th scope=\"row\">currency</th>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/tariffs/ctp-flat/2?with=9");
        Assert.Equal(404, browser.Status);

        await WithdrawAsync(browser);
        await grid.AssertAuditAsync();
    }

    private static async Task WithdrawAsync(ConsoleBrowser browser)
    {
        await browser.DoAsync("tariff-withdraw", "ctp-flat", ("version", "2"));
        Assert.Equal("/console?done=tariff-withdraw", browser.Went);
        await browser.GetAsync("/console/tariffs/ctp-flat/2");
        Assert.Contains("withdrawn", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/do/tariff-withdraw", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_is_published_by_a_second_person_and_declined_by_another()
    {
        var shipped = PolicyCompiler.Read(
            await File.ReadAllTextAsync(Path.Combine(PolicyCatalog.ShippedFolder, "cn-residential.json"), TestContext.Current.CancellationToken)).Policy!;
        var json = JsonNode.Parse(PolicyCompiler.ToJson(shipped.Definition))!.AsObject();
        json["id"] = "ctp-pack";
        async Task<string> AskAsync(int version)
        {
            json["version"] = version;
            var body = new JsonObject { ["kind"] = "policy", ["definition"] = json.DeepClone(), ["reason"] = "a trial" };
            var asked = await grid.SendAsync(HttpMethod.Post, "/v1/publications", body, $"ctp-{version}");
            Assert.True(asked.Status == 202, asked.Body.ToString());
            return asked.Body.GetProperty("approval").GetString()!;
        }

        var (declined, agreed) = (await AskAsync(1), await AskAsync(2));
        using var second = await ConsoleBrowser.AsAsync(grid, "administrator");
        await second.DoAsync("approval-refuse", declined, ("agree", "false"), ("hash", await HashAsync(declined)));
        await second.DoAsync("approval-agree", agreed, ("agree", "true"), ("hash", await HashAsync(agreed)));
        Assert.Equal("/console?done=approval-agree", second.Went);
        Assert.Equal([2], (await grid.Admin.ListAsync<JsonObject>("/v1/policies"))
            .Where(p => (string)p["id"]! == "ctp-pack").Select(p => (int)p["version"]!));
        await second.GetAsync("/console/policies");
        Assert.Contains("href=\"/console/policies/ctp-pack/2\"", second.Text, StringComparison.Ordinal);
        await second.GetAsync("/console/policies/ctp-pack/2");
        Assert.Equal(200, second.Status);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("7")]
    public async Task What_is_no_definition_comes_back_as_it_was_typed(string text)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/do/publish?kind=tariff");
        await browser.PostAsync("/console/do/publish", ("f.kind", "tariff"), ("f.definition", text), ("f.reason", "r"), ("step", "check"));
        Assert.Equal(422, browser.Status);
        Assert.Equal(text, WebUtility.HtmlDecode(TextAreaOf(browser.Text)));
        Assert.Contains("This is no JSON object, or has a member twice.", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tariff", "{}", 422, "tariff.invalid")]
    [InlineData("tariff", "{\"id\":\"internal:x\"}", 422, "tariff.invalid")]
    [InlineData("policy", "{}", 422, "policy.invalid")]
    [InlineData("other", "{}", 400, "request.value_invalid")]
    public async Task What_cannot_be_published_is_refused_before_anybody_is_asked(string kind, string definition, int status, string code)
    {
        var body = new JsonObject { ["kind"] = kind, ["definition"] = JsonNode.Parse(definition), ["reason"] = $"refused {code} {definition}" };
        var (answered, problem) = await grid.SendAsync(HttpMethod.Post, "/v1/publications", body, $"ctp-{code}");
        Assert.Equal((status, code), (answered, problem.GetProperty("code").GetString()));
        Assert.DoesNotContain(await grid.Admin.ListAsync<ApprovalAnswer>("/v1/approvals?limit=500"),
            a => a.Body.ToString().Contains($"refused {code}", StringComparison.Ordinal));
    }

    [Fact]
    public void Definitions_are_compared_by_names_and_as_sets()
    {
        static string[] Of(string? before, string? after) =>
            [.. DefinitionDifferences.Of(before is null ? null : JsonNode.Parse(before), after is null ? null : JsonNode.Parse(after)).Where(r => r.Differs)
                .Select(r => $"{r.Path}: {r.Before ?? "–"} → {r.After ?? "–"}")];

        // One day that is put in front marks no other.
        Assert.Equal(["h:  → 2026-01-01"], Of("""{"h":["2026-02-01","2026-03-01"]}""", """{"h":["2026-01-01","2026-02-01","2026-03-01"]}"""));
        Assert.Equal([], Of("""{"h":["a","b"]}""", """{"h":["b","a"]}"""));
        Assert.Equal(["t (order): flat → peak, flat", "t[peak].p: – → 2", "t[peak].id: – → peak"],
            Of("""{"t":[{"id":"flat","p":"1"}]}""", """{"t":[{"p":"2","id":"peak"},{"id":"flat","p":"1"}]}"""));
        Assert.Equal(["t[1].p: 1 → 3", "t[2].p: 2 → –"], Of("""{"t":[{"p":1},{"p":2}]}""", """{"t":[{"p":3}]}"""));
        Assert.Equal(["a: 1 → –", "b: – → 2"], Of("""{"a":1}""", """{"b":2}"""));
        Assert.Empty(Of(null, null));

        // How often a value stands in a list, and an element without members, are no small print.
        Assert.Equal(["h: a → "], Of("""{"h":["a","a","b"]}""", """{"h":["b","a"]}"""));
        Assert.Equal(["e: – → {}"], Of("{}", """{"e":{}}"""));

        // Added or left out at the end, all others stay where they are.
        Assert.Equal(["t[b].p: – → 1", "t[b].id: – → b"], Of("""{"t":[{"id":"a"}]}""", """{"t":[{"id":"a"},{"p":1,"id":"b"}]}"""));
        Assert.Equal(["t[b].id: b → –"], Of("""{"t":[{"id":"a"},{"id":"b"}]}""", """{"t":[{"id":"a"}]}"""));
        Assert.Equal(["t (order): a, b → b", "t[a].id: a → –"], Of("""{"t":[{"id":"a"},{"id":"b"}]}""", """{"t":[{"id":"b"}]}"""));
    }

    /// <summary>What no rule fits has the first rate, and the first rule that fits decides: who agrees must see both.</summary>
    [Fact]
    public async Task The_second_person_sees_a_change_of_order_and_the_same_comparison_as_the_first()
    {
        var today = DateOnly.FromDateTime(grid.Time.GetUtcNow().UtcDateTime);
        var first = GridFixture.Flat() with
        {
            Id = "ctp-order",
            Rates = [new("low", "0.30"), new("peak", "0.90")],
            Schedule = [new() { Rate = "low", Days = ["weekend"] }, new() { Rate = "peak", From = "08:00", To = "20:00" }],
        };
        await grid.Admin.RegisterAsync("/v1/tariffs", first);
        using (var announced = await ConsoleBrowser.AsAsync(grid, "administrator"))
        {
            // A version of a later day is announced: it is not what the new one follows.
            await PublishAsync(announced, first with { Version = 2, EffectiveFrom = today.AddDays(200), TaxBasisPoints = 1_300 });
        }

        var exchanged = first with
        {
            Version = 3,
            EffectiveFrom = today.AddDays(60),
            Rates = [.. first.Rates.Reverse()],
            Schedule = [.. first.Schedule.Reverse()],
        };
        var asked = await AskAsync(exchanged);
        var check = await grid.SendAsync(HttpMethod.Post, "/v1/publications", BodyOf(exchanged, dryRun: true));
        var changes = check.Body.GetProperty("changes").EnumerateArray()
            .Select(c => (Path: Member(c, "path"), Before: Member(c, "before"), After: Member(c, "after"))).ToList();
        Assert.Equal(1, check.Body.GetProperty("follows").GetInt32());
        Assert.Contains(("rates (order)", "low, peak", "peak, low"), changes);
        Assert.Contains(("schedule (order)", "low, peak", "peak, low"), changes);
        using var second = await ConsoleBrowser.AsAsync(grid, "auditor");
        await second.GetAsync($"/console/approvals/{asked}");
        var shown = Rows().Matches(second.Text).Select(m => (
            Path: WebUtility.HtmlDecode(m.Groups[1].Value), Before: Text(m.Groups[2].Value), After: Text(m.Groups[3].Value))).ToList();
        Assert.Equal(changes, shown);
        Assert.Contains($"<dd>{today.AddDays(60):yyyy-MM-dd}</dd>", second.Text, StringComparison.Ordinal);

        // What cannot be published any more says why.
        using var other = await ConsoleBrowser.AsAsync(grid, "administrator");
        await PublishAsync(other, exchanged with { TaxBasisPoints = 600 });
        await second.GetAsync($"/console/approvals/{asked}");
        Assert.Matches("role=\"alert\">[^<]*tariff\\.", second.Text);

        static string Text(string cell) => WebUtility.HtmlDecode(cell);
        static string Member(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.GetString() is { } text ? text : "–";
    }

    private static JsonObject BodyOf(TariffDefinition definition, bool dryRun) => new()
    {
        ["kind"] = "tariff",
        ["definition"] = JsonSerializer.SerializeToNode(definition, ApiJson.Options),
        ["reason"] = $"order {definition.Version}",
        ["dryRun"] = dryRun,
    };

    private async Task<string> AskAsync(TariffDefinition definition)
    {
        var asked = await grid.SendAsync(HttpMethod.Post, "/v1/publications", BodyOf(definition, dryRun: false), $"order-{Guid.NewGuid():N}");
        Assert.True(asked.Status == 202, asked.Body.ToString());
        return asked.Body.GetProperty("approval").GetString()!;
    }

    private async Task PublishAsync(ConsoleBrowser second, TariffDefinition definition)
    {
        var approval = await AskAsync(definition);
        await second.DoAsync("approval-agree", approval, ("agree", "true"), ("hash", await HashAsync(approval)));
        Assert.Equal("/console?done=approval-agree", second.Went);
    }

    [GeneratedRegex("""<th scope="row">([^<]*)</th>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>""")]
    private static partial Regex Rows();

    private async Task<string> HashAsync(string approval) => (await grid.Admin.GetAsync<ApprovalAnswer>($"/v1/approvals/{approval}")).Hash;

    private static string TextAreaOf(string page)
    {
        var begin = page.IndexOf('>', page.IndexOf("<textarea id=\"f.definition\"", StringComparison.Ordinal)) + 1;
        return page[begin..page.IndexOf("</textarea>", begin, StringComparison.Ordinal)];
    }
}
