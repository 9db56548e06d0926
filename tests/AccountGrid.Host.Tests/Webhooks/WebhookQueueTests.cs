using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Host.Webhooks;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Webhooks;

/// <summary>What waits at webhooks beside what a process of a later release has left, and behind accounts whose events are not taken.</summary>
public sealed class WebhookQueueTests(WebhookGrid webhooks) : IClassFixture<WebhookGrid>, IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private HttpClient _client = null!;

    private GridFixture Grid => webhooks.Grid;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _client = Grid.WithKey((await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "webhooks"))).Key);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await SqlAsync("delete from webhook");
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_of_a_kind_that_this_release_does_not_know_is_left_to_others_where_it_stands()
    {
        await Grid.OpenAsync("WH-KIND");
        var id = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-KIND"));
        await SqlAsync($$"""update webhook set kinds = '{moon.seen,payment.taken}', lease_token = null, lease_until = null where id = '{{id}}'""");
        await PayAsync("WH-KIND", "1");
        await Eventually.GetAsync(
            async () => (await Grid.SendAsync(HttpMethod.Get, "/v1/events?account=WH-KIND&kind=payment.taken")).Body.GetProperty("data").GetArrayLength(),
            n => n == 1, "The first payment is listed");
        await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-KIND"));
        await PayAsync("WH-KIND", "2");
        Assert.Equal(["2.000000000"], Amounts(await TakenAsync(1)));

        // The other one, of a later id, was taken by this process; this one was not.
        Assert.Equal(1L, await ScalarAsync($"select count(*) from webhook where id = '{id}' and lease_token is null"));
        Assert.Empty(await DeliveriesAsync(id));
        Assert.Equal([id], await new WebhookStore(Grid.Database).LeftAsync(TestContext.Current.CancellationToken));
        await SqlAsync($$"""update webhook set kinds = '{payment.taken}' where id = '{{id}}'""");
        Assert.Equal(["1.000000000", "2.000000000", "2.000000000"], Amounts(await TakenAsync(3)));
    }

    [Fact]
    public async Task A_queued_event_of_a_later_release_waits_and_holds_up_no_other_and_one_that_is_not_there_is_given_up()
    {
        await Grid.OpenAsync("WH-LATER");
        var id = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-LATER"));
        var place = (await PayAsync("WH-LATER", "1")).Split('-');
        await TakenAsync(1);
        var (later, none) = ($"{place[0]}-{place[1]}-900", $"{place[0]}-{place[1]}-901");
        await SqlAsync($$"""
            insert into account_event (partition, position, sequence, account, at_ms, event)
            select {{place[0]}}, {{place[1]}}, 900, number, 1, '{"type":"moon-seen"}' from account where id = 'WH-LATER'
            """);
        await SqlAsync($"""
            insert into webhook_delivery (webhook, partition, position, sequence, account, kind, next_attempt_at, created_at)
            select '{id}', {place[0]}, {place[1]}, s, number, 'moon.seen', '2026-01-01', '2026-01-01' from account, generate_series(900, 901) s
            where id = 'WH-LATER'
            """);
        await PayAsync("WH-LATER", "2");
        Assert.Equal(["1.000000000", "2.000000000"], Amounts(await TakenAsync(2)));
        var rows = await Eventually.GetAsync(() => DeliveriesAsync(id), r => r.Exists(d => d.State == "given-up"), "What is not there is given up");
        Assert.Equal((none, "event-unknown"), (rows.Find(r => r.State == "given-up")!.Event, rows.Find(r => r.State == "given-up")!.Error));
        var waiting = rows.Find(r => r.Event == later)!;
        Assert.Equal(("queued", 0, null), (waiting.State, waiting.Attempts, waiting.Error));
        Assert.True(waiting.NextAttemptAt > new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), $"{waiting}");
    }

    [Fact]
    public async Task An_account_with_more_events_than_may_wait_holds_up_no_other_of_an_ordered_webhook()
    {
        await Grid.OpenAsync("WH-MANY");
        await Grid.OpenAsync("WH-FEW");
        var id = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], Ordered: true));
        await SqlAsync($"""
            insert into webhook_delivery (webhook, partition, position, sequence, account, kind, attempts, next_attempt_at, created_at)
            select '{id}', 0, 1000000 + s, 0, number, 'payment.taken', 3, '2099-01-01', '2026-01-01' from account, generate_series(1, 5000) s
            where id = 'WH-MANY'
            """);
        await PayAsync("WH-FEW", "1");
        Assert.Equal(["1.000000000"], Amounts(await TakenAsync(1)));
    }

    /// <summary>At the borders: 500 of an account count, 5,000 of all, and whatever counts, 50,000 are the end.</summary>
    [Theory]
    [InlineData(1, 49_500, true)]
    [InlineData(1, 49_501, false)]
    [InlineData(9, 1_000, true)]
    [InlineData(10, 500, false)]
    [InlineData(4_500, 1, true)]
    [InlineData(4_501, 1, false)]
    public async Task What_waits_is_bounded(int accounts, int each, bool hasRoom)
    {
        var id = Guid.NewGuid();
        await SqlAsync($$"""
            insert into webhook (id, owner, url, kinds, is_ordered, secret, state, cursor, since_ms, created_by, created_at, changed_at)
            values ('{{id}}', 'nobody', 'https://hooks.example/', '{}', true, '', 'paused', '', 0, 'nobody', '2026-01-01', '2026-01-01')
            """);
        await SqlAsync($"""
            insert into webhook_delivery (webhook, partition, position, sequence, account, kind, next_attempt_at, created_at)
            select '{id}', 0, s, a, a, 'payment.taken', '2099-01-01', '2026-01-01' from generate_series(1, {accounts}) a, generate_series(1, {each}) s
            """);
        Assert.Equal(hasRoom, await new WebhookStore(Grid.Database).HasRoomAsync(id, 500, TestContext.Current.CancellationToken));
    }

    private async Task<Guid> AddAsync(WebhookRequest request)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, "/v1/webhooks", request, http: _client);
        Assert.True(status == 201, body.ToString());
        return body.Deserialize<WebhookSecretAnswer>(ApiJson.Options)!.Webhook.Id;
    }

    /// <returns>The payment's id.</returns>
    private async Task<string> PayAsync(string account, string amount)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/payments", new PaymentRequest(amount), Guid.NewGuid().ToString());
        Assert.Equal(201, status);
        return body.GetProperty("id").GetString()!;
    }

    private static IEnumerable<string> Amounts(List<ReceivedWebhook> taken) =>
        taken.Select(t => t.Event.GetProperty("data").GetProperty("amount").GetString()!).Order();

    private Task<List<ReceivedWebhook>> TakenAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult(_receiver.Taken()), t => t.Count >= count, $"{count} events are taken");

    private async Task<List<DeliveryLogAnswer>> DeliveriesAsync(Guid id) =>
        [.. (await Grid.Admin.GetAsync<Page<DeliveryLogAnswer>>($"/v1/webhooks/{id}/deliveries?limit=500")).Data];

    private async Task SqlAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
