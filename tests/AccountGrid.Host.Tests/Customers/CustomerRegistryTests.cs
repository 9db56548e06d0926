using System.Net.Http.Json;
using System.Text;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Customers;

/// <summary>Customers with their accounts, areas, and who is responsible from which day on.</summary>
public sealed class CustomerRegistryTests(CustomerGrid customers) : IClassFixture<CustomerGrid>
{
    private readonly GridFixture _grid = customers.Grid;

    private DateOnly Today => DateOnly.FromDateTime(_grid.Time.GetUtcNow().UtcDateTime.AddHours(8));

    [Fact]
    public async Task A_customer_is_registered_once_and_owns_its_accounts()
    {
        await AreaAsync("reg");
        await OpenAsync("REG-A", "REG-B", "REG-C");
        var profile = new CustomerProfileRequest("Customer 1", "Business", "large", "REG-1", "reg", "en", [new ContactChannel("sms", "13812345678")],
            ["REG-A", "REG-B"]);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        Assert.Equal((409, "customer.exists"), await customers.CodeAsync(HttpMethod.Post, "/v1/customers", profile with { Name = "Customer 2" }));
        var found = await GetAsync("REG-1");
        Assert.Equal(("Customer 1", "business", "large", "reg", "B"), (found.Name, found.Class, found.Size, found.Area, found.Grade));
        Assert.Equal(["REG-A", "REG-B"], found.Accounts);
        Assert.Equal("13812345678", found.Contact[0].To);
        Assert.Equal(0, await CountAsync("select count(*) from customer where contact::text like '%13812345678%'"));

        // Its accounts have its area and, as they had none of their own, its channels.
        var contact = await ContactAsync("REG-A");
        Assert.Equal(("reg", "en", "13812345678"), (contact.Area, contact.Language, contact.Channels[0].To));

        // An account belongs to one customer, and nothing of a refused change is kept.
        Assert.Equal((409, "customer.account_taken"),
            await customers.CodeAsync(HttpMethod.Post, "/v1/customers", profile with { Id = "REG-2", Accounts = ["REG-C", "REG-B"] }));
        Assert.Equal((404, "customer.unknown"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers/REG-2"));
        Assert.Equal((404, "account.unknown"),
            await customers.CodeAsync(HttpMethod.Put, "/v1/customers/REG-1", profile with { Accounts = ["REG-NONE"] }));

        // Without the list the accounts stay; those left out of it are detached, with who did it.
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/REG-1", profile with { Accounts = null })).Status);
        Assert.Equal(2, (await GetAsync("REG-1")).Accounts.Count);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/REG-1", profile with { Accounts = ["REG-C", "REG-A"] })).Status);
        found = await GetAsync("REG-1");
        Assert.Equal(["REG-A", "REG-C"], found.Accounts);
        Assert.Equal(["REG-C+", "REG-B-", "REG-B+", "REG-A+"], found.AccountChanges.Select(c => $"{c.Account}{(c.IsAttached ? '+' : '-')}"));
        Assert.All(found.AccountChanges, c => Assert.Matches("^key [0-9a-f]{16}$", c.Person));
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile with { Id = "REG-2", Accounts = ["REG-B"] })).Status);

        // What the customer decides cannot be set at the account.
        Assert.Equal((409, "contact.of_customer"),
            await customers.CodeAsync(HttpMethod.Put, "/v1/accounts/REG-A/contact", new ContactRequest("en", [], "elsewhere")));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/accounts/REG-A/contact", new ContactRequest("zh-CN", []))).Status);
        Assert.Equal("reg", (await ContactAsync("REG-A")).Area);
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await AreaAsync("wrong");
        var right = new CustomerProfileRequest("Customer 1", "business", "large", "WRONG-1");
        foreach (var (body, code) in new (CustomerProfileRequest, string)[]
        {
            (right with { Id = null }, "id.invalid"), (right with { Id = "a/b" }, "id.invalid"), (right with { Name = " " }, "text.invalid"),
            (right with { Class = "farm" }, "customer.class_invalid"), (right with { Size = "2" }, "customer.size_invalid"),
            (right with { Area = "nowhere" }, "area.invalid"), (right with { Language = "fr" }, "contact.language_invalid"),
            (right with { Contact = [new("pigeon", "x")] }, "contact.channel_invalid"),
            (right with { Contact = [new("sms", "sealed:x")] }, "contact.to_invalid"),
        })
        {
            Assert.Equal((422, code), await customers.CodeAsync(HttpMethod.Post, "/v1/customers", body));
        }

        Assert.Equal((404, "customer.unknown"), await customers.CodeAsync(HttpMethod.Put, "/v1/customers/WRONG-1", right));
        Assert.Equal((422, "id.invalid"), await customers.CodeAsync(HttpMethod.Put, "/v1/customers/WRONG-2", right));
        Assert.Equal((422, "customer.grade_invalid"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers?grade=E"));
        Assert.Equal((422, "customer.segment_invalid"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers?segment=business/huge"));
        Assert.Equal((404, "area.unknown"), await customers.CodeAsync(HttpMethod.Get, "/v1/areas/nowhere"));
        Assert.Equal((404, "area.unknown"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/nowhere/collector", new AssignmentRequest("P1", Today)));
        Assert.Equal((404, "customer.unknown"), await customers.CodeAsync(HttpMethod.Put, "/v1/customers/NONE/manager", new AssignmentRequest("P1", Today)));
        Assert.Equal((422, "assignment.past"),
            await customers.CodeAsync(HttpMethod.Put, "/v1/areas/wrong/collector", new AssignmentRequest("P1", Today.AddDays(-1))));
        Assert.Equal((422, "text.invalid"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/wrong/collector", new AssignmentRequest("none", Today)));
    }

    [Fact]
    public async Task Areas_form_a_tree_without_circles_and_the_area_above_stands_in()
    {
        await AreaAsync("tree");
        await AreaAsync("tree-1", "tree");
        await AreaAsync("tree-2", "tree-1");
        Assert.Equal((422, "area.circle"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/tree", new AreaRequest("Tree", "Asia/Shanghai", "tree")));
        Assert.Equal((422, "area.circle"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/tree", new AreaRequest("Tree", "Asia/Shanghai", "tree-2")));
        Assert.Equal((422, "area.invalid"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/tree", new AreaRequest("Tree", "Asia/Shanghai", "none")));
        Assert.Equal((422, "area.zone_invalid"), await customers.CodeAsync(HttpMethod.Put, "/v1/areas/tree", new AreaRequest("Tree", "Mars")));
        Assert.Null((await AreaOfAsync("tree-2")).Responsible);
        await AssignAsync("areas/tree/collector", "P-tree");
        Assert.Equal((null, "P-tree"), ((await AreaOfAsync("tree-2")).Collector, (await AreaOfAsync("tree-2")).Responsible));
        await AssignAsync("areas/tree-2/collector", "P-tree-2");
        Assert.Equal(("P-tree-2", "P-tree-2"), ((await AreaOfAsync("tree-2")).Collector, (await AreaOfAsync("tree-2")).Responsible));

        // An area that moves takes those below with it.
        await AreaAsync("tree-9");
        await AreaAsync("tree-1", "tree-9");
        Assert.Equal(["tree-2", "tree-1", "tree-9"], (await AreaOfAsync("tree-2")).Path);
        Assert.Null((await AreaOfAsync("tree-1")).Responsible);
    }

    [Fact]
    public async Task An_assignment_begins_on_its_day_moves_open_cases_and_keeps_the_history()
    {
        await AreaAsync("day");
        await AreaAsync("day-1", "day");
        await OpenAsync("DAY-A", "DAY-B");
        var profile = new CustomerProfileRequest("Customer 3", "industrial", "large", "DAY-1", "day-1", Accounts: ["DAY-A"]);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        var (open, closed) = (await CaseAsync("DAY-A", 1), await CaseAsync("DAY-A", 2, "closed"));
        await AssignAsync("areas/day/collector", "P-day");
        Assert.Equal("P-day", await OwnerAsync(open));

        // Two of one day: the later decides, both stay. The same again is no assignment.
        await AssignAsync("areas/day-1/collector", "P-wrong");
        await AssignAsync("areas/day-1/collector", "P-day-1");
        await AssignAsync("areas/day-1/collector", "P-day-1");
        Assert.Equal(["P-day-1", "P-wrong"], (await AreaOfAsync("day-1")).Assignments.Select(a => a.Person));
        Assert.Equal("P-day-1", await OwnerAsync(open));

        // One to come changes nothing before its day.
        var tomorrow = Today.AddDays(1);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/DAY-1/manager", new AssignmentRequest("M-day", tomorrow))).Status);
        await RefreshAsync();
        Assert.Equal((null, "P-day-1"), ((await GetAsync("DAY-1")).Manager, await OwnerAsync(open)));
        _grid.Time.Shift(TimeSpan.FromDays(1));
        await RefreshAsync();
        Assert.Equal(("M-day", "M-day"), ((await GetAsync("DAY-1")).Manager, (await GetAsync("DAY-1")).Responsible));
        Assert.Equal(("M-day", "M-day"), (await OwnerAsync(open), (await ContactAsync("DAY-A")).Manager));
        Assert.Null(await OwnerAsync(closed));

        // Nobody any more: the area stands in again, and a case that nobody is responsible for is listed so and found by doctor.
        await AssignAsync("customers/DAY-1/manager", null);
        await AssignAsync("areas/day-1/collector", null);
        await AssignAsync("areas/day/collector", null);
        Assert.Null(await OwnerAsync(open));
        Assert.Contains((await _grid.Admin.GetAsync<Page<CaseAnswer>>("/v1/cases?owner=none&limit=500")).Data, c => c.Id == open);
        Assert.Contains(await _grid.Host.Services.GetRequiredService<Hosting.Doctor>().RunAsync(), f => f.Code == "cases.no_owner");
        Assert.Equal(["P-day", "P-wrong", "P-day-1", "M-day", "P-day-1", "P-day", null], await MovesAsync(open));
        Assert.Empty(await MovesAsync(closed));
        await RefreshAsync();
        Assert.Equal(7, (await MovesAsync(open)).Count);

        // An account that changes its customer takes its case along.
        await AreaAsync("day-2");
        await AssignAsync("areas/day-2/collector", "P-day-2");
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/DAY-1", profile with { Accounts = [] })).Status);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile with { Id = "DAY-2", Area = "day-2" })).Status);
        Assert.Equal("P-day-2", await OwnerAsync(open));
    }

    [Fact]
    public async Task A_file_of_assignments_is_taken_whole_or_not_at_all_and_once()
    {
        await AreaAsync("file");
        await AreaAsync("file-1", "file");
        var profile = new CustomerProfileRequest("Customer 4", "important", "large", "FILE-1", "file");
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        var (today, next) = (Today.ToString("yyyy-MM-dd"), Today.AddDays(1).ToString("yyyy-MM-dd"));
        var wrong = await SendFileAsync(
            $"kind,id,person,from\narea,file,P-1,{today}\narea,none,P-1,{today}\ncity,file,P-1,{today}\ncustomer,FILE-1,M-1,tomorrow\narea,file,P-2,{today}\n"
            + "area,file-1,P-1,2020-01-01\narea,file\n");
        Assert.Equal(422, wrong.Status);
        Assert.Equal(
            ["line 4: kind: 'city' is not area or customer.", "line 5: from: 'tomorrow' is not a day as yyyy-MM-dd.",
                "line 6: person: 'P-2' is not 'P-1', whom line 2 has for the same day."],
            wrong.Body.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!).Where(e => !e.StartsWith("line 8", StringComparison.Ordinal)));
        Assert.Empty((await AreaOfAsync("file")).Assignments);
        wrong = await SendFileAsync($"kind,id,person,from\narea,file,P-1,{today}\narea,none,P-1,{today}\narea,file-1,P-1,2020-01-01\n");
        Assert.Equal(["line 3: id: there is no area 'none'.", $"line 4: from: 2020-01-01 is before today, {today}; what was, stays."],
            wrong.Body.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!));
        Assert.Empty((await AreaOfAsync("file")).Assignments);

        string[] lines = [$"area,file,P-1,{today}", $"area,file-1,P-2,{today}", $"area,file-1,,{next}", $"customer,FILE-1,M-1,{today}"];
        Assert.Equal((4, true), await ImportAsync(lines));
        Assert.Equal(("P-2", "M-1"), ((await AreaOfAsync("file-1")).Responsible, (await GetAsync("FILE-1")).Manager));

        // Another decision of the same day stands, whatever the order in which the file comes again.
        await AssignAsync("areas/file/collector", "P-9");
        Assert.Equal((4, false), await ImportAsync(lines));
        Assert.Equal((4, false), await ImportAsync([.. lines.Reverse()]));
        Assert.Equal("P-9", (await AreaOfAsync("file")).Collector);
        Assert.Equal(2, (await AreaOfAsync("file")).Assignments.Count);
        Assert.Equal((415, "body.type_unsupported"), await customers.CodeAsync(HttpMethod.Post, "/v1/assignments", new { }));
    }

    [Fact]
    public async Task Lists_filter_by_area_manager_grade_segment_and_text_and_page_by_cursor()
    {
        await AreaAsync("list");
        await AreaAsync("list-1", "list");
        await AreaAsync("list-2", "list");
        await OpenAsync("LIST-ACC");
        for (var i = 0; i < 25; i++)
        {
            var profile = new CustomerProfileRequest(
                i < 20 ? "Same name" : $"Other {i}", i % 2 == 0 ? "business" : "residential", i % 3 == 0 ? "large" : "small", $"LIST-{i:00}",
                i % 5 == 0 ? "list-1" : "list-2",
                Accounts: i == 7 ? ["LIST-ACC"] : null);
            Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        }

        await AssignAsync("customers/LIST-03/manager", "M-list");
        await AssignAsync("areas/list/collector", "P-list");
        Assert.Equal(25, (await AllAsync("area=list")).Count);
        Assert.Equal(["LIST-00", "LIST-05", "LIST-10", "LIST-15", "LIST-20"], await AllAsync("area=list-1"));
        Assert.Equal(["LIST-03"], await AllAsync("manager=M-list"));
        Assert.Equal(Enumerable.Range(0, 25).Where(i => i % 2 == 0 && i % 3 == 0).Select(i => $"LIST-{i:00}"),
            await AllAsync("area=list&segment=business/large"));
        Assert.Equal(13, (await AllAsync("area=list&segment=business&grade=B")).Count);
        Assert.Empty(await AllAsync("area=list&grade=A"));
        Assert.Empty(await AllAsync("area=none"));
        Assert.Equal(20, (await AllAsync("area=list&q=same%20NA")).Count);
        Assert.Equal(["LIST-24"], await AllAsync("q=other%2024"));
        Assert.Equal(["LIST-07"], await AllAsync("q=LIST-ACC"));
        Assert.Equal(["LIST-11"], await AllAsync("q=LIST-11"));
        var item = (await PageAsync("q=LIST-07", null)).Data[0];
        Assert.Equal(("P-list", null, "B"), (item.Responsible, item.Manager, item.Grade));

        // A cursor belongs to its list.
        var cursor = (await PageAsync("area=list", null)).NextCursor;
        Assert.Equal((400, "request.invalid"), await customers.CodeAsync(HttpMethod.Get, $"/v1/customers?area=list-1&cursor={cursor}"));
        Assert.Equal((400, "request.invalid"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers?area=list&cursor=eHx5fHo"));

        // A collector sees the area of its key with those below, and no other.
        using var north = _grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "list")));
        using var low = _grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "list-1")));
        using var manager = _grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "M-list")));
        Assert.Equal(25, (await AllAsync("", north)).Count);
        Assert.Equal(5, (await AllAsync("", low)).Count);
        Assert.Equal(["LIST-03"], await AllAsync("", manager));
        Assert.Empty(await AllAsync("manager=other", manager));
        Assert.Equal((403, "area.not_own"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers?area=list-2", http: low));
        Assert.Equal((403, "area.not_own"), await customers.CodeAsync(HttpMethod.Get, "/v1/customers?area=none", http: low));
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Get, "/v1/customers/LIST-01", http: north)).Status);
        Assert.Equal(403, (await customers.CodeAsync(HttpMethod.Get, "/v1/customers/LIST-01", http: low)).Status);
        Assert.Equal(200, (await customers.CodeAsync(HttpMethod.Get, "/v1/accounts/LIST-ACC/balance", http: north)).Status);
    }

    [Fact]
    public async Task A_customer_is_exported_and_erased_with_its_account()
    {
        await OpenAsync("ERA-A", "ERA-B");
        var profile = new CustomerProfileRequest("Customer 5", "residential", "small", "ERA-1", Contact: [new ContactChannel("sms", "13887654321")],
            Accounts: ["ERA-A", "ERA-B"]);
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        var exported = await _grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/ERA-A/personal-data");
        Assert.Equal(("Customer 5", "13887654321"), (exported.Customer!.Name, exported.Customer.Contact[0].To));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/accounts/ERA-A/personal-data")).Status);
        Assert.Equal(("[erased]", 0), ((await GetAsync("ERA-1")).Name, (await GetAsync("ERA-1")).Contact.Count));
        Assert.Empty((await ContactAsync("ERA-B")).Channels);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/ERA-1", profile)).Status);
        Assert.Equal("13887654321", (await ContactAsync("ERA-B")).Channels[0].To);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/customers/ERA-1/personal-data")).Status);
        Assert.Equal("[erased]", (await GetAsync("ERA-1")).Name);
        Assert.Empty((await ContactAsync("ERA-B")).Channels);
        Assert.Equal((404, "customer.unknown"), await customers.CodeAsync(HttpMethod.Delete, "/v1/customers/NONE/personal-data"));
    }

    [Fact]
    public async Task The_database_gives_cases_to_whom_the_rule_says()
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        foreach (var manager in new[] { null, "M", "P1", "P0" })
        {
            foreach (var chain in new string[][] { [], ["P1"], ["P1", "P0"] })
            {
                for (var level = 0; level < 4; level++)
                {
                    Assert.Equal(Responsibility.OwnerOf(manager, chain, level),
                        await connection.ExecuteScalarAsync<string?>("select case_owner(@manager, @chain, @level)", new { manager, chain, level }));
                }
            }
        }
    }

    private async Task AreaAsync(string id, string? parent = null) =>
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, $"/v1/areas/{id}", new AreaRequest(id, "Asia/Shanghai", parent))).Status);

    private async Task AssignAsync(string path, string? person) =>
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, $"/v1/{path}", new AssignmentRequest(person, Today))).Status);

    private Task<AreaAnswer> AreaOfAsync(string id) => _grid.Admin.GetAsync<AreaAnswer>($"/v1/areas/{id}");

    private Task<CustomerProfileAnswer> GetAsync(string id) => _grid.Admin.GetAsync<CustomerProfileAnswer>($"/v1/customers/{id}");

    private async Task<ContactRequest> ContactAsync(string account) => (await customers.CustomerAsync(account)).Contact!;

    private async Task OpenAsync(params string[] accounts)
    {
        foreach (var account in accounts)
        {
            await customers.OpenAsync(account, "postpaid", "cn-residential", []);
        }
    }

    private Task RefreshAsync() => _grid.Host.Services.GetRequiredService<ResponsibilityKeeper>().RefreshAsync();

    private async Task<string> KeyAsync(CreateKeyRequest request) => (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key;

    private async Task<(int Status, System.Text.Json.JsonElement Body)> SendFileAsync(string text) =>
        await _grid.SendAsync(HttpMethod.Post, "/v1/assignments", new StringContent(text, Encoding.UTF8, "text/csv"));

    private async Task<(int, bool)> ImportAsync(string[] lines)
    {
        var (status, body) = await SendFileAsync("kind,id,person,from\n" + string.Join('\n', lines));
        Assert.True(status == 200, body.ToString());
        return (body.GetProperty("lines").GetInt32(), body.GetProperty("isNew").GetBoolean());
    }

    /// <summary>Ids of all pages of seven.</summary>
    private async Task<List<string>> AllAsync(string filters, HttpClient? http = null)
    {
        var (all, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await PageAsync(filters, cursor, http);
            all.AddRange(page.Data.Select(c => c.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(all.Count, all.Distinct().Count());
        return all;
    }

    private async Task<Page<CustomerListItem>> PageAsync(string filters, string? cursor, HttpClient? http = null) =>
        (await (http ?? _grid.Http).GetFromJsonAsync<Page<CustomerListItem>>($"/v1/customers?limit=7&{filters}{(cursor is null ? "" : $"&cursor={cursor}")}"))!;

    private async Task<string> CaseAsync(string account, int number, string state = "open")
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<string>(
            """
            insert into work_case (id, account, partition, position, kind, created_ms, due_day, due_at, zone, sort_key, amount_nano, policy, state)
            select number || ':contact:' || @number, number, partition, 0, 'contact', 0, '2026-12-01', '2026-12-01', 'UTC', 0, 0, 'none', @state
              from account where id = @account returning id
            """,
            new { account, number, state }))!;
    }

    private async Task<string?> OwnerAsync(string id)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>("select owner from work_case where id = @id", new { id });
    }

    private async Task<List<string?>> MovesAsync(string id)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        return (await connection.QueryAsync<string?>(
            "select to_owner from case_event where case_id = @id and kind = 'moved' order by id", new { id })).AsList();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }
}
