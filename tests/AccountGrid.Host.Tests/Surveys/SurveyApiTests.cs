using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Surveys;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Surveys;

/// <summary>Surveys from the payment that they follow to the results of a month.</summary>
public sealed partial class SurveyApiTests(SurveyApiTests.SurveyGrid surveys) : IClassFixture<SurveyApiTests.SurveyGrid>
{
    private const string BaseUrl = "https://power.example";

    private readonly CustomerGrid _customers = surveys.Customers;
    private readonly GridFixture _grid = surveys.Customers.Grid;

    [Fact]
    public async Task A_payment_is_asked_about_once_in_90_days_and_an_answer_counts_once()
    {
        await OpenAsync("SUR-1", "en");
        await RoundAsync();
        await _customers.PayAsync("SUR-1", "10");
        await RoundAsync();
        var path = await LinkAsync("SUR-1");
        using var http = _grid.WithKey(null);
        var form = await http.GetAsync(path);
        var page = await form.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        Assert.Contains("How satisfied are you with this payment?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SUR-1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$",
            string.Join(',', form.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("no-store", form.Headers.CacheControl!.ToString());
        Assert.Contains("您对本次缴费是否满意", await http.GetStringAsync(path + "?lang=zh-CN"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(http, path, ("effort", "3"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(http, path, ("satisfaction", "6"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(http, path, ("satisfaction", "5"), ("effort", "0"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(http, path, ("satisfaction", "5"), ("comment", new string('x', 1_001)))).Status);
        var first = await SendAsync(http, path, ("satisfaction", "4"), ("effort", "7"), ("comment", "<b>quick</b>"));
        Assert.Equal((HttpStatusCode.OK, true), (first.Status, first.Page.Contains("Thank you for your answer", StringComparison.Ordinal)));
        var second = await SendAsync(http, path, ("satisfaction", "1"));
        Assert.Contains("You have answered already", second.Page, StringComparison.Ordinal);
        Assert.Equal(4, await NumberAsync("select satisfaction::int from survey s join account a on a.number = s.account where a.id = 'SUR-1'"));
        Assert.Equal(0, await NumberAsync("select count(*)::int from survey where comment like '%quick%'"));

        // The same customer is not asked again for 90 days.
        await _customers.PayAsync("SUR-1", "10");
        await RoundAsync();
        Assert.Equal(1, await NumberAsync("select count(*)::int from survey s join account a on a.number = s.account where a.id = 'SUR-1'"));
        await _grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_link_that_was_changed_or_has_expired_answers_nothing()
    {
        await OpenAsync("SUR-2", "zh-CN");
        await RoundAsync();
        await _customers.PayAsync("SUR-2", "10");
        await RoundAsync();
        var path = await LinkAsync("SUR-2");
        using var http = _grid.WithKey(null);
        foreach (var wrong in new[] { path[..^1], path + "A", path[..3] + (path[3] == 'A' ? 'B' : 'A') + path[4..], "/s/x", "/s/" + new string('A', 59) })
        {
            using var response = await http.GetAsync(wrong);
            Assert.Equal((wrong, HttpStatusCode.NotFound), (wrong, response.StatusCode));
        }

        var links = _grid.Host.Services.GetRequiredService<SurveyLinks>();
        var token = links.Read(path[3..])!.Value;
        Assert.Equal(path[3..], links.TokenOf(token));
        Assert.Null(links.Read(path[3..] + " "));
        var old = links.TokenOf(token with { AskedMs = token.AskedMs - SurveyRules.OpenMs });
        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(http, $"/s/{old}", ("satisfaction", "5"))).Status);

        // A key opens no more than the link does, and staff do not see it.
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(_grid.Http, "/s/x", ("satisfaction", "5"))).Status);
        var text = (await _customers.NoticesAsync("SUR-2", n => n.Any(x => x.Kind == "survey" && x.Text is not null))).First(n => n.Kind == "survey").Text!;
        Assert.Contains("/s/…", text, StringComparison.Ordinal);
        Assert.DoesNotContain(path, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_to_be_called_files_a_complaint()
    {
        await OpenAsync("SUR-3", "en");
        await RoundAsync();
        await _customers.PayAsync("SUR-3", "10");
        await RoundAsync();
        using var http = _grid.WithKey(null);
        await SendAsync(http, await LinkAsync("SUR-3"), ("satisfaction", "1"), ("comment", "Nobody answered."), ("contact", "yes"));
        var filed = Assert.Single(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/SUR-3/complaints"));
        Assert.Equal(("survey", "other", "Nobody answered.", false), (filed.Source, filed.Topic, filed.Text, filed.IsGrievance));
        Assert.Equal(["complaint.said Nobody answered.", "survey.comment Nobody answered."], await SaidAsync());
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/accounts/SUR-3/personal-data")).Status);
        Assert.Empty(await SaidAsync());

        async Task<IEnumerable<string>> SaidAsync() =>
            (await _grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/SUR-3/personal-data")).Texts
                .Where(t => t.In is "complaint.said" or "survey.comment").Select(t => $"{t.In} {t.Text}").Order();
    }

    [Fact]
    public async Task A_customer_with_two_accounts_is_asked_about_one_of_them()
    {
        await OpenAsync("SUR-5A", "en");
        await OpenAsync("SUR-5B", "en");
        var profile = new CustomerProfileRequest("Customer 8", "residential", "small", "SUR-5", Accounts: ["SUR-5A", "SUR-5B"]);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        await RoundAsync();
        await _customers.PayAsync("SUR-5A", "10");
        await _customers.PayAsync("SUR-5B", "10");
        await RoundAsync();
        await RoundAsync();
        Assert.Equal(1, await NumberAsync("select count(*)::int from survey s join account a on a.number = s.account where a.id like 'SUR-5%'"));
    }

    [Fact]
    public async Task A_closed_case_is_asked_about_with_who_closed_it()
    {
        await OpenAsync("SUR-4", "en");
        await RoundAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/accounts/SUR-4/complaints")
        {
            Content = JsonContent.Create(new ComplaintRequest("staff", "x")),
            Headers = { { "Idempotency-Key", "k" } },
        };
        (await _grid.Http.SendAsync(request)).EnsureSuccessStatusCode();
        var open = Assert.Single(await Eventually.GetAsync(
            async () => (await _grid.Admin.GetAsync<Page<CaseAnswer>>("/v1/cases?account=SUR-4")).Data, l => l.Count == 1, "The case of SUR-4"));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/cases/{open.Id}/close", new CloseCaseRequest("settled"))).Status);
        await RoundAsync();
        using var http = _grid.WithKey(null);
        Assert.Contains("how we handled your matter", await http.GetStringAsync(await LinkAsync("SUR-4")), StringComparison.Ordinal);
        Assert.Equal(1, await NumberAsync(
            "select count(*)::int from survey s join account a on a.number = s.account "
                + "where a.id = 'SUR-4' and s.collector like 'key %' and s.area = 'north'"));
    }

    [Fact]
    public async Task Results_are_shown_of_a_month_that_is_over()
    {
        Assert.Equal((422, "survey.month_invalid"), await _customers.CodeAsync(HttpMethod.Get, "/v1/surveys/results?month=2026-13"));
        var running = _grid.Time.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((422, "survey.month_invalid"), await _customers.CodeAsync(HttpMethod.Get, $"/v1/surveys/results?month={running}"));
        var empty = await _grid.Admin.GetAsync<SurveyResultsAnswer>("/v1/surveys/results?month=2020-01");
        Assert.Empty(empty.Groups);
    }

    private async Task OpenAsync(string id, string language)
    {
        await _customers.OpenAsync(id, "postpaid", "cn-residential", []);
        await _customers.ContactAsync(id, language, "north");
    }

    /// <summary>Everything that happened is in the tables, then whom to ask is drawn.</summary>
    private async Task RoundAsync()
    {
        await _grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        await _grid.Host.Services.GetRequiredService<SurveySampler>().RoundAsync();
    }

    /// <summary>The path of the link, from the message as it is sent.</summary>
    private async Task<string> LinkAsync(string account)
    {
        await using var command = _grid.Database.CreateCommand(
            "select coalesce(o.message, '') from outbox o join account a on a.number = o.account and a.partition = o.partition "
                + "where a.id = $1 and o.kind = 'survey'");
        command.Parameters.Add(new() { Value = account });
        var text = await Eventually.GetAsync(
            async () => (string?)await command.ExecuteScalarAsync() ?? "", t => t.Contains(BaseUrl, StringComparison.Ordinal), $"The survey of {account}");
        return Path().Match(text).Value;
    }

    private static async Task<(HttpStatusCode Status, string Page)> SendAsync(HttpClient http, string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var response = await http.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<int> NumberAsync(string sql)
    {
        await using var command = _grid.Database.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    [GeneratedRegex("/s/[A-Za-z0-9_-]{59}")]
    private static partial Regex Path();

    /// <summary>A grid that asks after each payment.</summary>
    public sealed class SurveyGrid : IAsyncLifetime
    {
        public CustomerGrid Customers { get; } = new()
        {
            Grid = new GridFixture { More = [$"--Notices:SurveyUrl={BaseUrl}/", "--Surveys:PaymentsPerMille=1000"] },
        };

        public ValueTask InitializeAsync() => Customers.InitializeAsync();

        public ValueTask DisposeAsync() => Customers.DisposeAsync();
    }
}
