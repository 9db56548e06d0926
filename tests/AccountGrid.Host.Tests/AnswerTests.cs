using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Host.Tests;

/// <summary>What every answer says to a browser, where a password will do, what is said of refusals, and where verbs have their key from.</summary>
public sealed partial class AnswerTests(GridFixture grid)
{
    [Fact]
    public async Task Every_answer_says_not_to_be_framed_guessed_at_or_kept()
    {
        using var nobody = grid.WithKey(null);
        foreach (var (method, path) in (await ApiEndpoints.AllAsync(grid)).Select(
            e => (e.Method, Path: e.Path.Replace("{id}", "nobody", StringComparison.Ordinal))).Append(("GET", "/nothing")))
        {
            await AssertHeadersAsync(nobody, method, path);
        }

        await AssertHeadersAsync(grid.Http, "GET", "/v1/tariffs");
        await AssertHeadersAsync(grid.Http, "GET", "/docs/");
        await AssertHeadersAsync(grid.Http, "GET", "/nothing");
        await AssertHeadersAsync(grid.Http, "GET", "/v1/audit?limit=x");
        await AssertHeadersAsync(grid.Http, "POST", "/v1/accounts");
    }

    [Fact]
    public async Task The_pages_script_needs_a_key_as_the_page_does()
    {
        using var nobody = grid.WithKey(null);
        var page = await grid.Http.GetStringAsync("/docs/");
        var scripts = Script().Matches(page).Select(m => new Uri(new Uri(grid.Http.BaseAddress!, "/docs/"), m.Groups["src"].Value)).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            // What the page loads comes from the grid itself.
            Assert.Equal(grid.Http.BaseAddress!.Authority, script.Authority);
            Assert.Equal(200, (int)(await grid.Http.GetAsync(script)).StatusCode);
            Assert.Equal(401, (int)(await nobody.GetAsync(script)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/docs/", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/v1/tariffs", 401)]
    [InlineData("/v1/keys", 401)]
    public async Task A_password_is_taken_at_the_page_alone(string path, int status)
    {
        using var http = grid.WithKey(null);
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{grid.Host.AdministratorKey}")));
        Assert.Equal(status, (int)(await http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_page_offers_nothing_that_would_send_the_interface_elsewhere()
    {
        var page = await grid.Http.GetStringAsync("/docs/");
        Assert.Contains("\"agent\":{\"disabled\":true}", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"mcp\":{\"disabled\":true}", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"showDeveloperTools\":\"never\"", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE", "/v1/tariffs", "text/plain", 405, "DELETE is not allowed here; allowed: ")]
    [InlineData("GET", "/v1/tarifs", null, 404, "There is no such path")]
    [InlineData("POST", "/v1/readings", "text/csv", 415, "Content-Type: 'text/csv' is not what this endpoint takes")]
    public async Task An_answer_that_no_endpoint_gives_says_what_is_wrong(string method, string path, string? type, int status, string says)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = type is null ? null : new StringContent("x", Encoding.UTF8, new MediaTypeHeaderValue(type));
        var answer = await grid.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_request_has_no_line_of_the_frameworks_in_the_log()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(l => l.AddGridLogging(quiet: false)).BuildServiceProvider();
        var factory = services.GetRequiredService<ILoggerFactory>();
        Assert.False(factory.CreateLogger(typeof(ApiKeyHandler).FullName!).IsEnabled(LogLevel.Information));
        Assert.True(factory.CreateLogger(typeof(RefusedLog).FullName!).IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void A_refused_caller_stands_in_the_log_once_a_minute_with_how_often()
    {
        var lines = new Lines();
        var log = new RefusedLog(lines);
        for (var i = 0; i < 1_000; i++)
        {
            log.Say("address 192.0.2.1", 401, "GET", "/v1/audit");
        }

        log.Say("address 192.0.2.1", 403, "GET", "/v1/audit\n2026 forged");
        log.Say("key 0123456789abcdef", 429, "POST", "/v1/readings");
        Assert.Equal(3, lines.All.Count);
        Assert.Equal("address 192.0.2.1 was answered 401 at GET /v1/audit (0 more since the last such line).", lines.All[0]);
        Assert.DoesNotContain("\n", lines.All[1], StringComparison.Ordinal);

        // A flood of addresses fills neither the log nor memory.
        for (var i = 0; i < 30_000; i++)
        {
            log.Say($"address 10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", 401, "GET", "/");
        }

        Assert.InRange(lines.All.Count, 3, 10_010);
    }

    [Fact]
    public void A_key_comes_from_the_command_line_a_file_or_the_environment()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, " agk_file\n");
        Assert.Null(KeySource.Read(null, null, null));
        Assert.Null(KeySource.Read(null, null, " "));
        Assert.Equal("agk_env", KeySource.Read(null, null, "agk_env\n"));
        Assert.Equal("agk_line", KeySource.Read("agk_line", null, "agk_env"));
        Assert.Equal("agk_file", KeySource.Read(null, file, "agk_env"));
        Assert.StartsWith("--key and --key-file", Assert.Throws<StartException>(() => KeySource.Read("agk_line", file, null)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(file, "\n");
        Assert.Contains("is empty", Assert.Throws<StartException>(() => KeySource.Read(null, file, null)).Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("cannot be read", Assert.Throws<StartException>(() => KeySource.Read(null, file, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import", "FILE")]
    [InlineData("replay", "FILE")]
    [InlineData("audit")]
    [InlineData("policy", "replay", "FILE", "--from", "2026-01-01", "--to", "2026-01-02")]
    public async Task Every_verb_that_takes_a_key_takes_it_from_a_file(params string[] verb)
    {
        // Nothing is asked for before the file is read.
        var file = Path.Combine(Path.GetTempPath(), $"no-{Guid.NewGuid():N}");
        Assert.Equal(2, await CommandLine.RunAsync([.. verb.Select(v => v == "FILE" ? file : v), "--key-file", file, "--key", "agk_x"]));
    }

    private async Task AssertHeadersAsync(HttpClient http, string method, string path)
    {
        using var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        string One(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : $"no {name} at {method} {path}";
        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.Equal("DENY", One("X-Frame-Options"));
        Assert.Equal("no-referrer", One("Referrer-Policy"));
        Assert.Contains("no-store", One("Cache-Control"), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; ", One("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", One("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [GeneratedRegex("<script[^>]* src=\"(?<src>[^\"]+)\"")]
    private static partial Regex Script();

    private sealed class Lines : ILogger<RefusedLog>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
