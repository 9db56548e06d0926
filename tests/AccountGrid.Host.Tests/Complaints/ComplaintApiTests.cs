using System.Net.Http.Json;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Complaints;

/// <summary>Complaints over the API: filed once, taken up, decided; a grievance is a hold that the interlock sees.</summary>
public sealed class ComplaintApiTests(CustomerGrid customers) : IClassFixture<CustomerGrid>
{
    private readonly GridFixture _grid = customers.Grid;

    [Fact]
    public async Task A_grievance_is_a_hold_and_a_case_until_it_is_decided()
    {
        await customers.OpenAsync("CPL-1", "postpaid", "cn-residential", []);
        var filed = await FileAsync("CPL-1", "bill", "The bill of March is twice that of February.\nPlease look.", "k1");
        Assert.Equal(("bill", "staff", true, "open", "none"), (filed.Topic, filed.Source, filed.IsGrievance, filed.State, filed.Escalation));
        Assert.Equal(("2026-03-03", "2026-03-11"), (filed.ContactDue.ToString("yyyy-MM-dd"), filed.AnswerDue.ToString("yyyy-MM-dd")));
        var interlock = await _grid.Admin.GetAsync<InterlockAnswer>("/v1/accounts/CPL-1/interlock");
        Assert.Contains(interlock.Reasons, r => r.Code == "interlock.hold" && r.Detail.Contains("Grievance", StringComparison.Ordinal));
        var opened = await CaseAsync("CPL-1", c => c.State == "open");
        Assert.Equal(("complaint", "2026-03-11"), (opened.Kind, opened.Due));

        // The hold is the grievance's own: nobody lifts it by hand.
        Assert.Equal((422, "hold.kind_invalid"), await customers.CodeAsync(HttpMethod.Delete, "/v1/accounts/CPL-1/holds/grievance"));
        var contacted =
            await _grid.Admin.PostAsync<ComplaintAnswer>($"/v1/accounts/CPL-1/complaints/{filed.Id}/contact", new ComplaintContactRequest("by phone"));
        Assert.NotNull(contacted.ContactedAt);

        var decided = await ResolveAsync("CPL-1", filed.Id, "partlyUpheld");
        Assert.Equal(("resolved", "partlyUpheld"), (decided.State, decided.Outcome));
        Assert.Equal(decided, await ResolveAsync("CPL-1", filed.Id, "partlyUpheld"));
        Assert.Equal((409, "complaint.resolved"), await ResolutionAsync("CPL-1", filed.Id, "notUpheld"));
        Assert.Equal((409, "complaint.resolved"),
            await customers.CodeAsync(HttpMethod.Post, $"/v1/accounts/CPL-1/complaints/{filed.Id}/contact", new ComplaintContactRequest()));
        Assert.Empty((await customers.CustomerAsync("CPL-1")).Holds);
        Assert.Equal("PartlyUpheld", (await CaseAsync("CPL-1", c => c.State == "closed")).Outcome);
        await _grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_complaint_is_filed_once_for_a_key_and_its_words_are_sealed_and_erased()
    {
        await customers.OpenAsync("CPL-2", "postpaid", "cn-residential", []);
        const string Text = "sealed:nobody answers the phone";
        var filed = await FileAsync("CPL-2", "staff", Text, "k1");
        Assert.Equal(filed, await FileAsync("CPL-2", "staff", Text, "k1"));
        Assert.Equal((422, "idempotency.key_reused"), await FilingAsync("CPL-2", "staff", "Another.", "k1"));
        Assert.NotEqual(filed.Id, (await FileAsync("CPL-2", "staff", Text, "k2")).Id);
        Assert.Empty((await customers.CustomerAsync("CPL-2")).Holds);
        var list = await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-2/complaints");
        Assert.Equal([Text, Text], list.Select(c => c.Text));
        await using var find = _grid.Database.CreateCommand("select count(*) from complaint where said like '%phone%'");
        Assert.Equal(0L, await find.ExecuteScalarAsync());

        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/accounts/CPL-2/personal-data")).Status);
        Assert.All(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-2/complaints"), c => Assert.Equal("", c.Text));
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_kept()
    {
        await customers.OpenAsync("CPL-3", "postpaid", "cn-residential", []);
        await _grid.OpenAsync("CPL-NOPACK");
        Assert.Equal((422, "complaint.topic_invalid"), await FilingAsync("CPL-3", "weather", "x", "k1"));
        Assert.Equal((422, "text.invalid"), await FilingAsync("CPL-3", "bill", "  ", "k1"));
        Assert.Equal((422, "text.invalid"), await FilingAsync("CPL-3", "bill", new string('x', 2_001), "k1"));
        Assert.Equal((422, "text.invalid"), await FilingAsync("CPL-3", "bill", "a\u0001b", "k1"));
        Assert.Equal((400, "idempotency.key_missing"), await FilingAsync("CPL-3", "bill", "x", null));
        Assert.Equal((404, "account.unknown"), await FilingAsync("CPL-NONE", "bill", "x", "k1"));
        Assert.Equal((422, "customer.no_policy"), await FilingAsync("CPL-NOPACK", "bill", "x", "k1"));
        Assert.Equal((404, "complaint.unknown"), await ResolutionAsync("CPL-3", "nothing", "upheld"));
        Assert.Equal((422, "complaint.outcome_invalid"), await ResolutionAsync("CPL-3", "nothing", "maybe"));
        Assert.Empty(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-3/complaints"));

        // One account's complaint is not found under another.
        await customers.OpenAsync("CPL-4", "postpaid", "cn-residential", []);
        var filed = await FileAsync("CPL-3", "other", "x", "k1");
        Assert.Equal((404, "complaint.unknown"), await ResolutionAsync("CPL-4", filed.Id, "upheld"));
    }

    [Fact]
    public async Task Seventeen_grievances_of_one_account_are_too_many_and_other_complaints_are_not()
    {
        await customers.OpenAsync("CPL-5", "postpaid", "cn-residential", []);
        for (var i = 0; i < 16; i++)
        {
            await FileAsync("CPL-5", "cut", "x", $"k{i}");
        }

        Assert.Equal((409, "complaint.too_many"), await FilingAsync("CPL-5", "cut", "x", "k16"));
        await FileAsync("CPL-5", "reading", "x", "k17");
        var all = await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-5/complaints");
        Assert.Equal(17, all.Count);
    }

    [Fact]
    public async Task What_a_process_that_died_left_is_ended()
    {
        await customers.OpenAsync("CPL-6", "postpaid", "cn-residential", []);
        var keeper = _grid.Host.Services.GetRequiredService<ComplaintBookkeeper>();
        var filed = await FileAsync("CPL-6", "bill", "x", "k1");
        await SetStateAsync(filed.Id, "new");
        Assert.Empty(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-6/complaints"));
        await keeper.EndLeftAsync(TimeSpan.FromSeconds(-1));
        Assert.Equal("open", Assert.Single(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-6/complaints")).State);
        Assert.Equal(["Grievance"], (await customers.CustomerAsync("CPL-6")).Holds);

        await ResolveAsync("CPL-6", filed.Id, "upheld");
        await SetStateAsync(filed.Id, "deciding");
        await keeper.EndLeftAsync(TimeSpan.FromSeconds(-1));
        Assert.Equal("resolved", Assert.Single(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CPL-6/complaints")).State);
        Assert.Empty((await customers.CustomerAsync("CPL-6")).Holds);
    }

    [Fact]
    public async Task A_complaint_goes_up_when_its_clocks_run_out_and_lists_go_by_the_day()
    {
        await using var late = new CustomerGrid();
        await late.InitializeAsync();
        await late.OpenAsync("CPL-7", "postpaid", "cn-residential", []);
        await late.ContactAsync("CPL-7", "en", "north");
        var (grid, keeper) = (late.Grid, late.Grid.Host.Services.GetRequiredService<ComplaintBookkeeper>());
        foreach (var key in new[] { "k1", "k2", "k3" })
        {
            await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CPL-7/complaints", new ComplaintRequest("staff", "x"), key);
        }

        Task<Page<ComplaintAnswer>> OpenAsync(string query) => grid.Admin.GetAsync<Page<ComplaintAnswer>>($"/v1/complaints?{query}");
        var first = await OpenAsync("limit=2");
        var second = await OpenAsync($"limit=2&cursor={first.NextCursor}");
        Assert.Equal((2, true, 1, false), (first.Data.Count, first.HasMore, second.Data.Count, second.HasMore));
        Assert.Equal(3, first.Data.Concat(second.Data).Select(c => c.Id).Distinct().Count());
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, "/v1/complaints?cursor=eHh4")).Status);
        using var south = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("collector", "c", Area: "south"))).Key);
        Assert.Empty((await south.GetFromJsonAsync<Page<ComplaintAnswer>>("/v1/complaints"))!.Data);

        // Filed on Monday 2 March. The contact is due on Tuesday, the answer on Wednesday of the week after.
        await grid.Admin.PostAsync<ComplaintAnswer>($"/v1/accounts/CPL-7/complaints/{first.Data[0].Id}/contact", new ComplaintContactRequest());
        grid.Time.Shift(TimeSpan.FromDays(1));
        await keeper.EscalateAsync();
        Assert.Equal(["none", "none", "none"], (await OpenAsync("")).Data.Select(c => c.Escalation));
        grid.Time.Shift(TimeSpan.FromDays(1));
        await keeper.EscalateAsync();
        Assert.Equal(["contactLate", "contactLate", "none"], (await OpenAsync("")).Data.Select(c => c.Escalation).Order());
        grid.Time.Shift(TimeSpan.FromDays(8));
        await keeper.EscalateAsync();
        Assert.Equal(["answerLate", "answerLate", "answerLate"], (await OpenAsync("")).Data.Select(c => c.Escalation));
        Assert.Equal(0, await keeper.EscalateAsync());
    }

    private async Task SetStateAsync(string id, string state)
    {
        await using var command = _grid.Database.CreateCommand("update complaint set state = $2 where id = $1 and partition >= 0");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = state });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<ComplaintAnswer> FileAsync(string account, string topic, string text, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/{account}/complaints")
        {
            Content = JsonContent.Create(new ComplaintRequest(topic, text)),
            Headers = { { "Idempotency-Key", key } },
        };
        using var response = await _grid.Http.SendAsync(request);
        Assert.True((int)response.StatusCode == 201, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<ComplaintAnswer>())!;
    }

    private Task<(int Status, string? Code)> FilingAsync(string account, string topic, string text, string? key) =>
        customers.CodeAsync(HttpMethod.Post, $"/v1/accounts/{account}/complaints", new ComplaintRequest(topic, text), key: key);

    private Task<(int Status, string? Code)> ResolutionAsync(string account, string id, string outcome) =>
        customers.CodeAsync(HttpMethod.Post, $"/v1/accounts/{account}/complaints/{id}/resolution", new ComplaintResolution(outcome));

    private Task<ComplaintAnswer> ResolveAsync(string account, string id, string outcome) =>
        _grid.Admin.PostAsync<ComplaintAnswer>($"/v1/accounts/{account}/complaints/{id}/resolution", new ComplaintResolution(outcome, "told by letter"));

    private async Task<CaseAnswer> CaseAsync(string account, Func<CaseAnswer, bool> isRight) => Assert.Single(await Eventually.GetAsync(
        async () => (await _grid.Admin.GetAsync<Page<CaseAnswer>>($"/v1/cases?account={account}")).Data, l => l.Any(isRight), $"The case of {account}"));
}
