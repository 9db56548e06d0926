using System.Net.Http.Headers;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Events;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using NJsonSchema;

namespace AccountGrid.Host.Tests.Events;

/// <summary>The list of events of a running grid.</summary>
public sealed class EventApiTests(GridFixture grid)
{
    [Fact]
    public async Task What_happens_to_an_account_is_in_the_list_in_its_order_and_as_the_schemas_say()
    {
        await grid.OpenAsync("EV-1");
        await EventsAsync("account=EV-1", l => l.Exists(e => TypeOf(e) == "meter.installed"));
        var from = await CursorAsync("account=EV-1&after=now");
        var payment = await PayAsync("EV-1", "20", "typed by Mary");
        await grid.PushAsync(("EV-1", "2026-03-01T06:00:00+08:00", 1_000));
        var adjustment = new AdjustmentRequest("-1.5", "typed by Mia");
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/EV-1/adjustments", adjustment, "EV-1")).Status);
        var events = await EventsAsync($"account=EV-1&after={from}", e => e.Exists(x => TypeOf(x) == "balance.adjusted"));
        Assert.Equal(["payment.taken", "balance.adjusted"], events.Select(TypeOf).Where(t => t != "balance.entry-booked"));
        var taken = events.Find(e => TypeOf(e) == "payment.taken");
        Assert.StartsWith($"{payment}-", taken.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("accountgrid.payment.taken.v1", taken.GetProperty("type").GetString());
        Assert.Equal("""{"amount":"20.000000000","channel":"api","currency":"CNY"}""", taken.GetProperty("data").GetRawText());
        var entries = events.Where(e => TypeOf(e) == "balance.entry-booked").Select(e => e.GetProperty("data").GetRawText()).ToList();
        Assert.Equal(
            ["""{"kind":"payment","amount":"20.000000000","ledgerBalance":"20.000000000","currency":"CNY"}""",
                """{"kind":"adjustment","amount":"-1.500000000","ledgerBalance":"18.500000000","currency":"CNY"}"""], entries);

        var all = await EventsAsync("account=EV-1", _ => true);
        Assert.Equal(["account.opened", "meter.installed", "payment.taken"], all.Select(TypeOf).Where(t => t != "balance.entry-booked").Take(3));
        Assert.Equal(("flat", 1),
            (all[0].GetProperty("data").GetProperty("tariff").GetProperty("id").GetString(),
                all[0].GetProperty("data").GetProperty("tariff").GetProperty("version").GetInt32()));
        Assert.Equal(("EV-1", "2026-02-28T16:00:00Z"),
            (all[1].GetProperty("data").GetProperty("meter").GetString(), all[1].GetProperty("data").GetProperty("from").GetString()));
        Assert.DoesNotContain("typed", string.Concat(all.Select(e => e.GetRawText())), StringComparison.Ordinal);
        Assert.All(all, e => Assert.Equal("EV-1", e.GetProperty("subject").GetString()));
        foreach (var e in all)
        {
            var (status, text) = await grid.SendAsync(HttpMethod.Get, e.GetProperty("dataschema").GetString()!);
            Assert.Equal(200, status);
            var schema = await JsonSchema.FromJsonAsync(text.GetRawText());
            Assert.True(schema.Validate(e.GetProperty("data").GetRawText()).Count == 0, e.GetRawText());
        }
    }

    /// <summary>Others write meanwhile: pages of one event find each of them once.</summary>
    [Fact]
    public async Task Pages_that_are_read_while_others_write_leave_nothing_out()
    {
        string[] accounts = [.. Enumerable.Range(0, 12).Select(i => $"EV-P{i}")];
        foreach (var account in accounts)
        {
            await grid.OpenAsync(account);
        }

        var cursor = await CursorAsync("kind=payment.taken&after=now");
        var paid = new List<string>();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                paid.Add(await PayAsync(accounts[i % accounts.Length], "1", $"r{i}"));
            }
        });
        var seen = new List<string>();
        await Eventually.GetAsync(
            async () =>
            {
                var (status, page) = await grid.SendAsync(HttpMethod.Get, $"/v1/events?kind=payment.taken&limit=3&after={cursor}");
                Assert.Equal(200, status);
                seen.AddRange(page.GetProperty("data").EnumerateArray().Where(e => accounts.Contains(e.GetProperty("subject").GetString()))
                    .Select(e => e.GetProperty("id").GetString()!));
                cursor = page.GetProperty("nextCursor").GetString()!;
                return writing.IsCompleted && seen.Count >= 60;
            },
            done => done, "All payments are read");
        await writing;
        Assert.Equal(paid.Order(), seen.Select(s => s[..s.LastIndexOf('-')]).Order());
    }

    [Fact]
    public async Task A_batch_has_its_own_content_type_and_a_link_to_the_next()
    {
        await grid.OpenAsync("EV-B");
        await EventsAsync("account=EV-B", e => e.Count > 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events?account=EV-B&limit=1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/cloudevents-batch+json"));
        using var response = await grid.Http.SendAsync(request);
        Assert.Equal("application/cloudevents-batch+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Single(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray());
        var link = response.Headers.GetValues("Link").Single();
        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        var (status, next) = await grid.SendAsync(HttpMethod.Get, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal((200, "meter.installed"), (status, TypeOf(next.GetProperty("data")[0])));
    }

    [Theory]
    [InlineData("kind=payment.take", 422, "event.kind_unknown", "kind: there is no kind 'payment.take'")]
    [InlineData("kind=", 422, "event.kind_unknown", "kind: there is no kind ''")]
    [InlineData("account=NOBODY-EV", 404, "account.unknown", "There is no account 'NOBODY-EV'.")]
    [InlineData("after=x", 400, "event.cursor_invalid", "after: it is not a nextCursor")]
    [InlineData("after=*", 400, "event.cursor_invalid", "after: it is not a nextCursor")]
    [InlineData("limit=0", 400, "request.invalid", "limit: 0 is not 1 to 500.")]
    [InlineData("cursor=x", 400, "request.parameter_unknown", "cursor: there is no such parameter")]
    public async Task What_is_wrong_is_named(string query, int status, string code, string detail)
    {
        var (answered, body) = await grid.SendAsync(HttpMethod.Get, $"/v1/events?{query}");
        Assert.Equal((status, code), (answered, body.GetProperty("code").GetString()));
        Assert.StartsWith(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_other_kinds_is_refused()
    {
        var cursor = await CursorAsync("kind=payment.taken");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, $"/v1/events?kind=payment.taken&after={cursor}")).Status);
        foreach (var other in new[] { "", "kind=payment.taken,bill.issued&", "kind=payment.reversed&" })
        {
            var (status, body) = await grid.SendAsync(HttpMethod.Get, $"/v1/events?{other}after={cursor}");
            Assert.Equal((400, "event.cursor_invalid"), (status, body.GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task The_kinds_are_listed_and_who_may_not_read_all_accounts_reads_no_events()
    {
        var kinds = await grid.Admin.ListAsync<EventKindAnswer>("/v1/events/kinds");
        Assert.Equal(EventCatalog.Kinds.Select(k => (k.Name, k.Type)), kinds.Select(k => (k.Kind, k.Type)));
        Assert.Equal("event.kind_unknown", (await grid.SendAsync(HttpMethod.Get, "/v1/events/kinds/x")).Body.GetProperty("code").GetString());
        foreach (var (request, status) in new (CreateKeyRequest, int)[]
        {
            (new("client", "e"), 200), (new("auditor", "e"), 200), (new("collector", "e", Area: "north"), 403), (new("gateway", "e", "G1"), 403),
            (new("account-manager", "e", Manager: "mia"), 403),
        })
        {
            using var http = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key);
            Assert.Equal(status, (await grid.SendAsync(HttpMethod.Get, "/v1/events?limit=1", http: http)).Status);
        }
    }

    private static string TypeOf(JsonElement e) => e.GetProperty("type").GetString()!["accountgrid.".Length..^".v1".Length];

    private async Task<string> CursorAsync(string query) =>
        (await grid.SendAsync(HttpMethod.Get, $"/v1/events?{query}")).Body.GetProperty("nextCursor").GetString()!;

    private Task<List<JsonElement>> EventsAsync(string query, Predicate<List<JsonElement>> isRight) => Eventually.GetAsync(
        async () => (await grid.SendAsync(HttpMethod.Get, $"/v1/events?limit=500&{query}")).Body.GetProperty("data").EnumerateArray().ToList(),
        l => isRight(l), $"Events of {query}");

    private async Task<string> PayAsync(string account, string amount, string reference)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/payments", new PaymentRequest(amount, Reference: reference),
            Guid.NewGuid().ToString());
        Assert.Equal(201, status);
        return body.GetProperty("id").GetString()!;
    }
}
