using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Tests.Customers;

/// <summary>Notes about customers: written, corrected by later ones, exported and erased.</summary>
public sealed class NoteApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_note_has_its_author_from_the_key_and_is_corrected_by_a_later_one()
    {
        await RegisterAsync("NOTE-1", "NOTE-1-A");
        var path = "/v1/customers/NOTE-1/notes";
        var body = new NoteRequest(
            "Half of the machines stand still.\nUntil summer.", Agreed: "Two instalments.", From: new(2026, 3, 1), Until: new(2026, 6, 30));
        var (status, written) = await grid.SendAsync(HttpMethod.Post, path, body, "n1");
        Assert.Equal(201, status);
        var first = written.GetProperty("id").GetInt64();
        Assert.StartsWith("key ", written.GetProperty("writtenBy").GetString(), StringComparison.Ordinal);
        Assert.Equal((201, first), Id(await grid.SendAsync(HttpMethod.Post, path, body, "n1")));
        Assert.Equal("idempotency.key_reused", await CodeAsync(path, body with { Text = "Other." }, "n1", 422));
        foreach (var (wrong, code, expected) in new (NoteRequest, string, int)[]
        {
            (body with { Text = " " }, "text.invalid", 422), (body with { Text = new string('x', 2_001) }, "text.invalid", 422),
            (body with { Kind = "away" }, "note.invalid", 422), (body with { Until = new(2026, 2, 28) }, "note.invalid", 422),
            (body with { Corrects = 1_000_000 }, "note.unknown", 404),
        })
        {
            Assert.Equal(code, await CodeAsync(path, wrong, $"w-{code}-{wrong.Text.Length}", expected));
        }

        Assert.Equal("customer.unknown", await CodeAsync("/v1/customers/NOTE-NONE/notes", body, "n2", 404));
        var (_, second) = Id(await grid.SendAsync(HttpMethod.Post, path, body with { Text = "All stand still.", Corrects = first }, "n3"));
        Assert.Equal("note.corrected", await CodeAsync(path, body with { Corrects = first }, "n4", 409));
        var (_, third) = Id(await grid.SendAsync(HttpMethod.Post, path, new NoteRequest("It pays.", Kind: "vacant"), "n5"));

        var page = await grid.Admin.GetAsync<Page<NoteAnswer>>($"{path}?limit=2");
        Assert.Equal([third, second], page.Data.Select(n => n.Id));
        Assert.True(page.HasMore);
        var rest = await grid.Admin.GetAsync<Page<NoteAnswer>>($"{path}?limit=2&cursor={page.NextCursor}");
        var last = Assert.Single(rest.Data);
        Assert.Equal(
            (first, second, body.Text, "Two instalments.", new DateOnly(2026, 6, 30)), (last.Id, last.CorrectedBy, last.Text, last.Agreed, last.Until));
        Assert.Null(rest.NextCursor);
        Assert.Equal(0, await CountAsync("select count(*) from customer_note where said like '%machines%' or agreed like '%instalments%'"));
        Assert.True(await CountAsync("select count(*) from audit_trail where path = '/v1/customers/NOTE-1/notes' and method = 'POST'") >= 3);
    }

    [Fact]
    public async Task Notes_are_exported_with_the_person_and_end_with_its_erasure()
    {
        await RegisterAsync("NOTE-2", "NOTE-2-A");
        var path = "/v1/customers/NOTE-2/notes";
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, path, new NoteRequest("Ill.", Agreed: "Later."), "e1")).Status);
        var export = await grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/NOTE-2-A/personal-data");
        Assert.Equal(("Ill.", "Later.", "B"), (Assert.Single(export.Notes!).Text, export.Notes![0].Agreed, export.Grade!.Grade));
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Delete, "/v1/accounts/NOTE-2-A/personal-data")).Status);
        var erased = Assert.Single((await grid.Admin.GetAsync<Page<NoteAnswer>>(path)).Data);
        Assert.Equal(("", null), (erased.Text, erased.Agreed));
    }

    [Fact]
    public async Task Notes_are_for_those_who_look_after_the_customer()
    {
        await grid.SendAsync(HttpMethod.Put, "/v1/areas/note-a", new AreaRequest("a", "Asia/Shanghai"));
        await RegisterAsync("NOTE-3", "NOTE-3-A", "note-a");
        foreach (var (request, reads, writes) in new (CreateKeyRequest, int, int)[]
        {
            (new("collector", "c", Area: "note-a"), 200, 403), (new("collector", "c", Area: "note-b"), 403, 403),
            (new("account-manager", "m", Manager: "M-none"), 403, 403), (new("auditor", "a"), 403, 403), (new("client", "w"), 403, 403),
        })
        {
            using var http = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key);
            Assert.Equal(reads, (await grid.SendAsync(HttpMethod.Get, "/v1/customers/NOTE-3/notes", http: http)).Status);
            Assert.Equal(writes, (await grid.SendAsync(HttpMethod.Post, "/v1/customers/NOTE-3/notes", new NoteRequest("x"), "r", http)).Status);
        }
    }

    private static (int Status, long Id) Id((int Status, System.Text.Json.JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("id").GetInt64());

    private async Task<string?> CodeAsync(string path, NoteRequest body, string key, int expected)
    {
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, path, body, key);
        Assert.Equal(expected, status);
        return answer.GetProperty("code").GetString();
    }

    private async Task RegisterAsync(string id, string account, string? area = null)
    {
        await grid.OpenAsync(account);
        Assert.Equal(201, (await grid.SendAsync(
            HttpMethod.Post, "/v1/customers", new CustomerProfileRequest(id, "business", "large", id, area, Accounts: [account]))).Status);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
