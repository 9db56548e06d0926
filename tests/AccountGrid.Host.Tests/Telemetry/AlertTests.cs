using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Telemetry;
using AccountGrid.Testing;
using YamlDotNet.Serialization;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>What alerts and dashboards name is exported by a running grid, and each alert has a runbook that can be followed.</summary>
public sealed partial class AlertTests(MetricsEndpointTests.MeteredGrid metered) : IClassFixture<MetricsEndpointTests.MeteredGrid>
{
    /// <summary>Labels that Prometheus gives to all that it fetches.</summary>
    private static readonly string[] OfPrometheus = ["job", "instance"];

    private static string Deploy => Path.Combine(ComposeFile.Root, "deploy");

    private static string Runbooks => Path.Combine(ComposeFile.Root, "docs", "runbooks");

    [Fact]
    public async Task Every_metric_and_label_of_alerts_and_dashboards_is_exported_by_a_running_grid()
    {
        await metered.Grid.OpenAsync("alerts-1");
        await metered.Grid.PushAsync(("alerts-1", "2026-03-01T01:00:00+08:00", 1000), ("nobody", "2026-03-01T01:00:00+08:00", 1));
        await metered.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/alerts-1/payments", new PaymentRequest("12.50", "counter", "r"), "alerts-1-paid");
        CountWhatIsRare();
        var wanted = Alerts().Select(a => (a.Name, a.Expression)).Concat(Panels().Select(p => (p.Name, p.Expression)))
            .SelectMany(q => PromQuery.MetricsOf(q.Expression).Select(m => (q.Name, Metric: m.Name, m.Labels))).Where(m => m.Metric != "up").ToList();
        Assert.True(wanted.Count > 40, $"Only {wanted.Count} metrics are named.");
        List<string> Missing(Dictionary<string, HashSet<string>> exported) =>
        [
            .. wanted.Where(w => !exported.ContainsKey(w.Metric)).Select(w => $"{w.Name}: {w.Metric}"),
            .. wanted.Where(w => exported.ContainsKey(w.Metric)).SelectMany(w => w.Labels.Except(OfPrometheus).Except(exported[w.Metric])
                .Select(l => $"{w.Name}: label {l} of {w.Metric}, which has {string.Join(' ', exported[w.Metric])}")),
        ];
        var missing = await Eventually.GetAsync(async () => string.Join('\n', Missing(await ExportedAsync())), m => m.Length == 0, "All is exported");
        Assert.Equal("", missing);
    }

    [Fact]
    public void Each_alert_has_a_runbook_and_each_runbook_an_alert()
    {
        var alerts = Alerts().ToList();
        Assert.Equal(alerts.Select(a => a.Name).Order(), alerts.Select(a => a.Name).Distinct().Order());
        Assert.All(alerts, a => Assert.Contains(a.Severity, new[] { "critical", "warning" }));
        Assert.All(alerts, a => Assert.EndsWith(".", a.Summary, StringComparison.Ordinal));
        Assert.All(alerts, a => Assert.Equal($"docs/runbooks/{a.Name}.md", a.Runbook));
        var pages = Directory.EnumerateFiles(Runbooks, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => n != "README");
        Assert.Equal(alerts.Select(a => a.Name).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        var list = File.ReadAllText(Path.Combine(Runbooks, "README.md"));
        Assert.All(alerts, a =>
        {
            var page = File.ReadAllText(Path.Combine(Runbooks, a.Name + ".md"));
            Assert.StartsWith($"# {a.Name}\n\n{a.Summary}\n", page, StringComparison.Ordinal);
            Assert.Contains(a.Expression, page, StringComparison.Ordinal);
            Assert.All(new[] { "## What it means", "## What the grid did", "## What to do" }, h => Assert.Contains(h, page, StringComparison.Ordinal));
            Assert.Contains($"| [{a.Name}]({a.Name}.md) | {a.Severity} | {a.Summary} |", list, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Runbooks_name_verbs_paths_settings_and_panels_that_exist()
    {
        var text = string.Concat(Directory.EnumerateFiles(Runbooks, "*.md").Select(File.ReadAllText));
        var verbs = Verb().Matches(text).Select(m => m.Groups["verb"].Value).Distinct().ToList();
        Assert.True(verbs.Count >= 3);
        Assert.All(verbs, v => Assert.Empty(CommandLine.Root().Parse(v).Errors));
        using var api = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "openapi.json")));
        var paths = Call().Matches(text).Select(m => (Method: m.Groups["method"].Value, Path: m.Groups["path"].Value)).Distinct().ToList();
        Assert.True(paths.Count > 8);
        Assert.All(paths, p => Assert.True(
            api.RootElement.GetProperty("paths").TryGetProperty(p.Path, out var found) && found.TryGetProperty(p.Method.ToLowerInvariant(), out _),
            $"{p.Method} {p.Path} is not in the API."));
        var settings = File.ReadAllText(Path.Combine(ComposeFile.Root, "docs", "settings.md"));
        Assert.All(Setting().Matches(text).Select(m => m.Value).Distinct(), s => Assert.Contains($"`{s}`", settings, StringComparison.Ordinal));
        var panels = Panels().Select(p => p.Name).ToHashSet();
        Assert.All(PanelName().Matches(text).Select(m => m.Groups["panel"].Value), p => Assert.Contains(p, panels));
    }

    [Fact]
    public void Dashboards_have_ids_of_their_own_and_legends_of_labels_that_are_there()
    {
        var all = Dashboards().ToList();
        Assert.Equal(all.Count, all.Select(d => d.GetProperty("uid").GetString()).Distinct().Count());
        Assert.All(all, d =>
        {
            var panels = d.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(panels, p => Assert.Equal("${datasource}", p.GetProperty("datasource").GetProperty("uid").GetString()));
        });
        Assert.Contains(Panels(), p => p.Legend.Contains("{{", StringComparison.Ordinal));
        Assert.All(Panels(), p => Assert.All(
            Legend().Matches(p.Legend).Select(m => m.Groups["label"].Value).Except(OfPrometheus).Except(["accountgrid_partition", "http_route"]),
            l => Assert.Contains(PromQuery.MetricsOf(p.Expression), m => m.Labels.Contains(l))));
    }

    [Theory]
    [InlineData("""up{job="x"} == 0""", "up job")]
    [InlineData("sum by (a, le) (rate(m_total{b=\"1\",c!=\"\"}[5m])) / sum(rate(n[1h:1m])) > 0.5", "m_total b c a le|n")]
    [InlineData("topk(10, histogram_quantile(0.9, sum by (le) (rate(m_bucket[5m])))) and max(n) > 1000", "m_bucket le|n")]
    [InlineData("sum(m) by (a)", null)]
    [InlineData("label_replace(m)", null)]
    [InlineData("m offset 5m", null)]
    [InlineData("m @ 5", null)]
    public void Metrics_of_an_expression_are_found_with_their_labels(string text, string? found)
    {
        string Found() => string.Join('|', PromQuery.MetricsOf(text).Select(m => string.Join(' ', m.Labels.Prepend(m.Name))));
        if (found is null)
        {
            Assert.Throws<FormatException>(Found);
        }
        else
        {
            Assert.Equal(found, Found());
        }
    }

    /// <summary>What a test cannot bring about in a moment is counted by the functions that the grid calls for it.</summary>
    private static void CountWhatIsRare()
    {
        GridMetrics.Cut("refused", "cut.promise_kept");
        GridMetrics.Message("demand", "sms", "parked");
        GridMetrics.Quarantined(1);
        GridMetrics.Committed(TimeSpan.FromSeconds(1), new IOException());
        GridMetrics.Flushed("effects", TimeSpan.FromSeconds(1), new IOException());
    }

    private static IEnumerable<(string Name, string Expression, string Severity, string Summary, string Runbook)> Alerts()
    {
        var tree = new DeserializerBuilder().Build().Deserialize(File.ReadAllText(Path.Combine(Deploy, "prometheus", "alerts.yml")));
        using var json = JsonDocument.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(tree!));
        foreach (var rule in json.RootElement.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray()))
        {
            string Of(JsonElement e, string name) => e.GetProperty(name).GetString()!;
            var notes = rule.GetProperty("annotations");
            yield return (Of(rule, "alert"), Of(rule, "expr"), Of(rule.GetProperty("labels"), "severity"), Of(notes, "summary"), Of(notes, "runbook"));
        }
    }

    private static IEnumerable<JsonElement> Dashboards() => Directory.EnumerateFiles(Path.Combine(Deploy, "grafana", "dashboards"), "*.json")
        .Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement);

    private static IEnumerable<(string Name, string Expression, string Legend)> Panels() =>
        from dashboard in Dashboards()
        from panel in dashboard.GetProperty("panels").EnumerateArray()
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!);

    /// <summary>Names of metrics as Prometheus fetches them, each with the labels that one of its samples has.</summary>
    private async Task<Dictionary<string, HashSet<string>>> ExportedAsync()
    {
        using var http = new HttpClient();
        var found = new Dictionary<string, HashSet<string>>();
        foreach (Match line in Sample().Matches(await http.GetStringAsync(new Uri(metered.Url + "/metrics"))))
        {
            var labels = found.TryGetValue(line.Groups["name"].Value, out var known) ? known : found[line.Groups["name"].Value] = [];
            labels.UnionWith(line.Groups["label"].Captures.Select(c => c.Value));
        }

        return found;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(\\.|[^"\\])*",?)*\})? """, RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("`accountgrid (?<verb>[a-z][^`]*)`")]
    private static partial Regex Verb();

    [GeneratedRegex("`(?<method>GET|POST) (?<path>/[^`?]*)(\\?[^`]*)?`")]
    private static partial Regex Call();

    [GeneratedRegex("[A-Z][A-Za-z]+__[A-Za-z_]+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"panel \*\*(?<panel>[^*]+)\*\*")]
    private static partial Regex PanelName();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex Legend();
}
