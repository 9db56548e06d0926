using System.Net.Http.Json;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Cases;

/// <summary>Cases over the API: opened once, taken, handed over, postponed, escalated and closed, each with its history.</summary>
public sealed class CaseApiTests(CustomerGrid customers) : IClassFixture<CustomerGrid>
{
    private readonly GridFixture _grid = customers.Grid;

    [Fact]
    public async Task A_case_is_opened_once_taken_handed_over_and_closed_with_its_history()
    {
        await AreaAsync("cas", "P-cas");
        await customers.OpenAsync("CAS-1", "postpaid", "cn-residential", []);
        await customers.ContactAsync("CAS-1", "en", "cas");
        var body = new OpenCaseRequest("Look at the meter.", 4, "CAS-1", Amount: "250.00", Priority: "high");
        var opened = await PostAsync(body, "k1");
        Assert.Equal(("manual", "CAS-1", "P-cas", "cas", "open", "high"),
            (opened.Kind, opened.Account, opened.Owner, opened.Area, opened.State, opened.Priority));
        Assert.Equal(opened, await PostAsync(body, "k1", 200));

        // The key of a collector stands for the collector of its area.
        using var collector = _grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "cas")));
        using var other = _grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "cas-other")));
        using var manager = _grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "M-cas")));
        var path = $"/v1/cases/{opened.Id}";
        Assert.Equal(403, (await customers.CodeAsync(HttpMethod.Post, $"{path}/take", new TakeCaseRequest(), other)).Status);
        Assert.Equal(403, (await customers.CodeAsync(HttpMethod.Post, "/v1/cases", body, other, "k3")).Status);
        Assert.Equal(403, (await customers.CodeAsync(HttpMethod.Get, path, http: manager)).Status);
        Assert.Contains((await ListAsync("owner=me", collector)).Data, c => c.Id == opened.Id);
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Post, $"{path}/take", new TakeCaseRequest("mine"), collector)).Status);
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Post, $"{path}/take", new TakeCaseRequest("mine"), collector)).Status);

        // What is by hand stays with the person, whoever is assigned; whoever gets it may work on it.
        await AssignAsync("cas", "P-new");
        Assert.Equal("P-cas", (await GetAsync(opened.Id)).Case.Owner);
        Assert.Equal((422, "text.invalid"), await customers.CodeAsync(HttpMethod.Post, $"{path}/hand-over", new HandOverRequest("M-cas", " ")));
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Post, $"{path}/hand-over", new HandOverRequest("M-cas", "a large customer"))).Status);
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Get, path, http: manager)).Status);
        Assert.Equal([opened.Id], (await ListAsync("owner=me", manager)).Data.Select(c => c.Id));

        // A contact has a code; once per key.
        Assert.Equal((422, "contact.outcome_unknown"), await ContactAsync(manager, path, new("call", "fine"), "c1"));
        Assert.Equal(200, (await ContactAsync(manager, path, new("call", "no-answer", "rang twice"), "c1")).Status);
        Assert.Equal(200, (await ContactAsync(manager, path, new("call", "no-answer", "rang twice"), "c1")).Status);

        Assert.Equal((422, "case.result_invalid"), await customers.CodeAsync(HttpMethod.Post, $"{path}/close", new CloseCaseRequest(Result: "fine")));
        Assert.Equal((422, "case.result_invalid"), await customers.CodeAsync(HttpMethod.Post, $"{path}/close", new CloseCaseRequest(Result: "promised")));
        Assert.Equal(200, (await CloseAsync(path, new("The seal is whole.", Result: "done"), manager)).Status);
        var closed = await GetAsync(opened.Id);
        Assert.Equal(("closed", "done", "done: The seal is whole."), (closed.Case.State, closed.Case.Result, closed.Case.Outcome));
        Assert.Equal(["taken", "handed-over", "contact", "closed"], closed.History.Select(e => e.Kind));
        Assert.Equal(("P-cas", "M-cas", "a large customer"), (closed.History[1].From, closed.History[1].To, closed.History[1].Reason));

        // Nothing happens to a closed case.
        Assert.Equal((409, "case.not_open"), await customers.CodeAsync(HttpMethod.Post, $"{path}/hand-over", new HandOverRequest("P-9", "late")));
        Assert.Equal((409, "case.not_open"), await customers.CodeAsync(HttpMethod.Post, $"{path}/take", new TakeCaseRequest()));
        Assert.Equal((409, "case.not_open"), await customers.CodeAsync(HttpMethod.Post, $"{path}/close", new CloseCaseRequest("again")));
        Assert.Equal((409, "case.not_open"), await ContactAsync(_grid.Http, path, new("call", "reached"), "c2"));
        Assert.Equal((404, "case.missing"), await customers.CodeAsync(HttpMethod.Get, "/v1/cases/0:manual:none"));
        Assert.DoesNotContain((await ListAsync("owner=M-cas")).Data, c => c.Id == opened.Id);
        Assert.Contains((await ListAsync("account=CAS-1")).Data, c => c.Id == opened.Id);
    }

    [Fact]
    public async Task What_is_wrong_with_a_case_is_named_and_opens_none()
    {
        await customers.OpenAsync("CAS-2", "postpaid", "cn-residential", []);
        var body = new OpenCaseRequest("Look at the meter.", 4, "CAS-2");
        await PostAsync(body, "k1");
        Assert.Equal((422, "idempotency.key_reused"), await CodeAsync(body with { WithinHours = 5 }, "k1"));
        Assert.Equal((400, "idempotency.key_missing"), await CodeAsync(body, null));
        Assert.Equal((422, "case.due_invalid"), await CodeAsync(body with { WithinHours = 0 }, "k2"));
        Assert.Equal((422, "case.priority_invalid"), await CodeAsync(body with { Priority = "soon" }, "k2"));
        Assert.Equal((422, "text.invalid"), await CodeAsync(body with { Subject = " " }, "k2"));
        Assert.Equal((404, "account.unknown"), await CodeAsync(body with { Account = "CAS-NONE" }, "k2"));
        Assert.Equal((422, "area.invalid"), await CodeAsync(body with { Account = null, Area = "none" }, "k2"));
        Assert.Equal((400, "request.value_invalid"), await CodeAsync(body with { Account = null }, "k2"));
        Assert.Single((await ListAsync("account=CAS-2")).Data);
    }

    [Fact]
    public async Task A_case_is_postponed_within_bounds_and_goes_up_when_it_is_late()
    {
        await AreaAsync("esc", "P-top");
        await AreaAsync("esc-1", "P-low", "esc");
        await customers.OpenAsync("ESC-1", "postpaid", "cn-residential", []);
        await customers.ContactAsync("ESC-1", "en", "esc-1");
        var opened = await PostAsync(new OpenCaseRequest("Call.", 1, "ESC-1"), "e1");
        var path = $"/v1/cases/{opened.Id}";
        var today = DateOnly.FromDateTime(_grid.Time.GetUtcNow().UtcDateTime.AddHours(8));
        Assert.Equal((422, "case.postpone_invalid"), await PostponeAsync(path, today.AddDays(31)));
        Assert.Equal((422, "case.postpone_invalid"), await PostponeAsync(path, today.AddDays(-1)));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(200, (await PostponeAsync(path, today.AddDays(i))).Status);
        }

        Assert.Equal((422, "case.postpone_invalid"), await PostponeAsync(path, today.AddDays(4)));
        var late = await GetAsync(opened.Id);
        Assert.Equal(today.AddDays(3).ToString("yyyy-MM-dd"), late.Case.Due);
        var escalation = _grid.Host.Services.GetRequiredService<CaseEscalation>();
        await escalation.EscalateAsync();
        Assert.Equal(("open", "P-low"), ((await GetAsync(opened.Id)).Case.State, (await GetAsync(opened.Id)).Case.Owner));
        _grid.Time.Shift(late.Case.DueAt - _grid.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        await escalation.EscalateAsync();
        await escalation.EscalateAsync();
        Assert.Equal(("escalated", "P-top", 1), await StateAsync(opened.Id));
        for (var i = 0; i < 3; i++)
        {
            _grid.Time.Shift(TimeSpan.FromDays(7));
            await escalation.EscalateAsync();
        }

        // The last keeps it, and the history says each step once.
        Assert.Equal(("escalated", "P-top", 1), await StateAsync(opened.Id));
        var history = (await GetAsync(opened.Id)).History;
        Assert.Equal(["postponed", "postponed", "postponed", "escalated", "escalated"], history.Select(e => e.Kind));
        Assert.Equal(("P-low", "P-top"), (history[3].From, history[3].To));
    }

    [Fact]
    public async Task A_thousand_cases_of_one_rank_are_each_on_one_page()
    {
        var desk = _grid.Host.Services.GetRequiredService<CaseDesk>();
        // Far off: another test counts how many rounds it takes until late cases have gone up.
        var due = _grid.Time.GetUtcNow().AddDays(300).ToUnixTimeMilliseconds();
        var policy = _grid.Host.Services.GetRequiredService<CaseCalendars>().ForCurrency("CNY").Stamp;
        await AreaAsync("many", "P-many");
        for (var i = 0; i < 1_000; i++)
        {
            var opening = Opening($"many-{i}", 0);
            Assert.True(await desk.OpenAsync(opening));
            Assert.False(i % 100 == 0 && await desk.OpenAsync(opening));
        }

        await desk.OpenAsync(Opening("many-rich", 5_000_000_000_000));
        var (all, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await ListAsync($"owner=P-many&limit=77{(cursor is null ? "" : $"&cursor={cursor}")}");
            all.AddRange(page.Data.Select(c => c.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal((1_001, 1_001, "0:manual:many-rich"), (all.Count, all.Distinct().Count(), all[0]));
        var first = await ListAsync("owner=P-many&limit=10");
        Assert.Equal((400, "request.invalid"), await customers.CodeAsync(HttpMethod.Get, $"/v1/cases?owner=none&cursor={first.NextCursor}"));
        Assert.Equal((400, "request.value_invalid"), await customers.CodeAsync(HttpMethod.Get, "/v1/cases?kind=song"));

        CaseOpening Opening(string name, long nano) => new(
            $"0:manual:{name}", CaseKind.Manual, null, "Count.", new(nano), "many", CasePriority.Normal, policy, "Asia/Shanghai", due, "");
    }

    [Fact]
    public async Task A_promise_is_the_accounts_to_decide_and_a_work_case_closes_with_its_work()
    {
        await customers.OpenAsync("PRO-1", "postpaid", "cn-residential", []);
        var opened = await PostAsync(new OpenCaseRequest("Call.", 8, "PRO-1"), "p1");
        var today = DateOnly.FromDateTime(_grid.Time.GetUtcNow().UtcDateTime.AddHours(8));

        // A day that is over cannot be promised, and the case stays open.
        var path = $"/v1/cases/{opened.Id}";
        var (status, code) = await CloseAsync(path, new(Result: "promised", PromisedBy: today.AddDays(-3)));
        Assert.Equal(422, status);
        Assert.NotNull(code);
        Assert.Equal("open", (await GetAsync(opened.Id)).Case.State);
        Assert.Equal(200, (await CloseAsync(path, new(Result: "promised", PromisedBy: today.AddDays(3)))).Status);
        Assert.Equal(("closed", "promised"), (await GetAsync(opened.Id)).Case is var c ? (c.State, c.Result) : default);
        var desk = _grid.Host.Services.GetRequiredService<CaseDesk>();
        Assert.True(await desk.OpenAsync(desk.OfChannel(CaseKind.Suspense, "bank-x", "T1", "bank-x T1", default, "CNY", "Asia/Shanghai", null)));
        var id = CaseDesk.IdOfChannel(CaseKind.Suspense, "bank-x", "T1");
        Assert.Equal((409, "case.closed_by_work"), await customers.CodeAsync(HttpMethod.Post, $"/v1/cases/{id}/close", new CloseCaseRequest("x")));
        Assert.True(await desk.CloseAsync(id, "key 1", CaseResult.Done, "assigned"));
        Assert.False(await desk.CloseAsync(id, "key 1", CaseResult.Done, "assigned"));
        Assert.Equal(["closed"], (await GetAsync(id)).History.Select(e => e.Kind));
    }

    private Task<(int Status, string? Code)> ContactAsync(HttpClient http, string path, CaseContactRequest body, string key) =>
        customers.CodeAsync(HttpMethod.Post, $"{path}/contacts", body, http, key);

    private Task<(int Status, string? Code)> CloseAsync(string path, CloseCaseRequest body, HttpClient? http = null) =>
        customers.CodeAsync(HttpMethod.Post, $"{path}/close", body, http);

    private Task<(int Status, string? Code)> PostponeAsync(string path, DateOnly until) =>
        customers.CodeAsync(HttpMethod.Post, $"{path}/postpone", new PostponeRequest(until, "away"));

    private async Task AreaAsync(string id, string collector, string? parent = null)
    {
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, $"/v1/areas/{id}", new AreaRequest(id, "Asia/Shanghai", parent))).Status);
        await AssignAsync(id, collector);
    }

    private async Task AssignAsync(string area, string collector)
    {
        var today = DateOnly.FromDateTime(_grid.Time.GetUtcNow().UtcDateTime.AddHours(8));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, $"/v1/areas/{area}/collector", new AssignmentRequest(collector, today))).Status);
    }

    private async Task<CaseAnswer> PostAsync(OpenCaseRequest body, string key, int expected = 201)
    {
        var (status, answer) = await _grid.SendAsync(HttpMethod.Post, "/v1/cases", body, key);
        Assert.True(status == expected, answer.ToString());
        return System.Text.Json.JsonSerializer.Deserialize<CaseAnswer>(answer, System.Text.Json.JsonSerializerOptions.Web)!;
    }

    private Task<(int Status, string? Code)> CodeAsync(OpenCaseRequest body, string? key) => customers.CodeAsync(HttpMethod.Post, "/v1/cases", body, key: key);

    private Task<CaseHistoryAnswer> GetAsync(string id) => _grid.Admin.GetAsync<CaseHistoryAnswer>($"/v1/cases/{id}");

    private async Task<(string, string?, int)> StateAsync(string id) => (await GetAsync(id)).Case is var c ? (c.State, c.Owner, c.Level) : default;

    private async Task<Page<CaseAnswer>> ListAsync(string query, HttpClient? http = null) =>
        (await (http ?? _grid.Http).GetFromJsonAsync<Page<CaseAnswer>>($"/v1/cases?{query}"))!;

    private async Task<string> KeyAsync(CreateKeyRequest request) => (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key;
}
