using System.Net;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Tests.CustomerPages;

/// <summary>What tests of customers' pages do as staff and as a customer.</summary>
public abstract class PageTest(PageTest.PageGrid pages) : IClassFixture<PageTest.PageGrid>
{
    protected const string BaseUrl = "https://power.example";

    protected CustomerGrid Customers { get; } = pages.Customers;

    protected GridFixture Grid { get; } = pages.Customers.Grid;

    protected async Task OpenAsync(string id, string language, string? number = null)
    {
        await Customers.OpenAsync(id, "prepaid", "cn-residential", []);
        await ContactAsync(id, language, number);
    }

    protected async Task ContactAsync(string id, string language, string? number) => Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put,
        $"/v1/accounts/{id}/contact", new ContactRequest(language, [new ContactChannel("file", number ?? "")], "my-area"))).Status);

    protected async Task ContactsAsync(string id, params string[] numbers) => Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put,
        $"/v1/accounts/{id}/contact", new ContactRequest("en", [.. numbers.Select(n => new ContactChannel("file", n))], null))).Status);

    protected Task<int> OffAsync(string id) => NumberAsync(
        "select count(*)::int from page_link l join account a on a.number = l.account and a.partition = l.partition "
            + $"where a.id = '{id}' and l.is_off");

    protected async Task CustomerAsync(string customer, string number, params string[] accounts)
    {
        var body = new CustomerProfileRequest(customer, "residential", "small", customer, null, Accounts: accounts, Language: "en",
            Contact: [new ContactChannel("file", number)]);
        var made = await Grid.SendAsync(HttpMethod.Post, "/v1/customers", body);
        Assert.True(made.Status == 201 || (await Grid.SendAsync(HttpMethod.Put, $"/v1/customers/{customer}", body)).Status == 200, made.Body.ToString());
    }

    protected async Task<string> LinkAsync(string id)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/page-links");
        Assert.Equal(201, status);
        return body.GetProperty("url").GetString()![BaseUrl.Length..];
    }

    protected HttpClient Browser()
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Grid.Host.Url) };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return http;
    }

    protected static async Task<(HttpStatusCode Status, string Page, string? To)> PostAsync(
        HttpClient http, string path, params (string Name, string Value)[] fields)
    {
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.ToString());
    }

    protected async Task<int> NumberAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A grid whose customers have pages.</summary>
    public sealed class PageGrid : IAsyncLifetime
    {
        public CustomerGrid Customers { get; } = new() { Grid = new GridFixture { More = [$"--Notices:CustomerPageUrl={BaseUrl}/"] } };

        public ValueTask InitializeAsync() => Customers.InitializeAsync();

        public ValueTask DisposeAsync() => Customers.DisposeAsync();
    }
}
