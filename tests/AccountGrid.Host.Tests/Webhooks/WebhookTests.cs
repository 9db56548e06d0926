using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Host.Webhooks;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Webhooks;

/// <summary>Webhooks of a running grid to a real receiver.</summary>
public sealed class WebhookTests(WebhookGrid webhooks) : IClassFixture<WebhookGrid>, IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private HttpClient _client = null!;

    private GridFixture Grid => webhooks.Grid;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _client = Grid.WithKey(await KeyAsync("client"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var webhook in await ListAsync())
        {
            await Grid.SendAsync(HttpMethod.Delete, $"/v1/webhooks/{webhook.Id}");
        }

        _client.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_event_comes_signed_as_a_CloudEvent_and_as_the_list_has_it()
    {
        await Grid.OpenAsync("WH-SIGN");
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-SIGN"));
        var payment = await PayAsync("WH-SIGN", "12.5");
        var got = Assert.Single(await TakenAsync(1));
        Assert.StartsWith($"{payment}-", got.Id, StringComparison.Ordinal);
        Assert.Equal("application/cloudevents+json", got.Headers["content-type"]);
        Assert.Equal(got.Id, got.Headers["webhook-id"]);
        Assert.Equal($"v1,{Signature(made.Secret, got)}", got.Headers["webhook-signature"]);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(got.Headers["webhook-timestamp"], null));
        Assert.InRange(at, Grid.Time.GetUtcNow().AddMinutes(-5), Grid.Time.GetUtcNow().AddMinutes(5));
        Assert.Equal("1.0", got.Event.GetProperty("specversion").GetString());
        Assert.Equal("accountgrid.payment.taken.v1", got.Type);
        Assert.Equal("WH-SIGN", got.Event.GetProperty("partitionkey").GetString());
        Assert.Equal(("12.500000000", "CNY"),
            (got.Event.GetProperty("data").GetProperty("amount").GetString(), got.Event.GetProperty("data").GetProperty("currency").GetString()));

        var listed = (await EventsAsync("account=WH-SIGN&kind=payment.taken")).GetProperty("data")[0];
        Assert.Equal(listed.GetRawText(), Encoding.UTF8.GetString(got.Body));
        var log = Assert.Single(await DeliveriesAsync(made.Webhook.Id, l => l.TrueForAll(d => d.State == "delivered")));
        Assert.Equal((got.Id, "payment.taken", "WH-SIGN", 1, 204, null), (log.Event, log.Kind, log.Account, log.Attempts, log.Status, log.Error));
        Assert.InRange(log.DurationMs!.Value, 0, 120_000);
    }

    /// <summary>The example of the Standard Webhooks libraries' own tests.</summary>
    [Fact]
    public void The_signature_is_that_of_the_published_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Notices.WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task A_receiver_that_fails_gets_the_same_event_again_until_it_takes_it()
    {
        await Grid.OpenAsync("WH-FAIL");
        var redirected = 0;
        _receiver.Answer = async (r, http) =>
        {
            switch (_receiver.Received.Count)
            {
                case 1:
                    http.Response.StatusCode = 500;
                    break;
                case 2:
                    http.Response.StatusCode = 500;
                    await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    http.Abort();
                    break;
                case 3:
                    http.Response.Redirect(_receiver.Url + "-elsewhere", permanent: false, preserveMethod: true);
                    break;
            }

            redirected += r.Path == "/hook" ? 0 : 1;
        };
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-FAIL"));
        await PayAsync("WH-FAIL", "1");
        var steps = new HashSet<(string?, int?)>();
        await Eventually.GetAsync(
            async () =>
            {
                // Only what was seen lets time pass, so that no step is missed.
                var row = (await DeliveriesAsync(made.Webhook.Id)).SingleOrDefault();
                if (row is { Attempts: > 0 } && steps.Add((row.Error, row.Status)))
                {
                    Grid.Time.Shift(TimeSpan.FromHours(1));
                }

                return row?.State;
            },
            s => s == "delivered", "The event is taken");
        Assert.Equal(4, _receiver.Received.Count);
        Assert.Equal(0, redirected);
        Assert.Single(_receiver.Received.Select(r => r.Id).Distinct());
        Assert.Equal(["1", "2", "3", "4"], _receiver.Received.Select(r => r.Headers["webhook-attempt"]));
        Assert.Superset(new HashSet<(string?, int?)> { ("status", 500), ("timed-out", null), ("status", 307) }, steps);
        Assert.Equal("active", (await FindAsync(made.Webhook.Id)).State);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_paused_at_once_and_told_and_resumed_where_it_stood()
    {
        await Grid.OpenAsync("WH-GONE");
        _receiver.Answer = (_, http) => Task.FromResult(http.Response.StatusCode = 410);
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-GONE"));
        await PayAsync("WH-GONE", "1");
        var paused = await StateAsync(made.Webhook.Id, "paused");
        Assert.Equal(("gone", 1L), (paused.PausedWhy, paused.Queued));
        var row = await Eventually.GetAsync(
            async () => (await Grid.Admin.ListAsync<AuditedAnswer>("/v1/audit")).Find(
                a => a.Path == $"/v1/webhooks/{made.Webhook.Id}/pause"), r => r is not null, "The trail says so");
        Assert.Equal("grid", row!.Person);
        await PayAsync("WH-GONE", "2");
        _receiver.Answer = (_, _) => Task.CompletedTask;
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/resume")).Status);
        var taken = await TakenAsync(2);
        Assert.Equal(["1.000000000", "2.000000000"], taken.Select(t => t.Event.GetProperty("data").GetProperty("amount").GetString()!).Order());
    }

    [Fact]
    public async Task A_receiver_that_is_away_for_a_day_is_paused()
    {
        await Grid.OpenAsync("WH-AWAY");
        _receiver.Answer = (_, http) => Task.FromResult(http.Response.StatusCode = 503);
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-AWAY"));
        for (var i = 1; i <= 3; i++)
        {
            await PayAsync("WH-AWAY", $"{i}");
        }

        await Eventually.GetAsync(
            async () =>
            {
                Grid.Time.Shift(TimeSpan.FromMinutes(10));
                return await FindAsync(made.Webhook.Id);
            },
            w => w.State == "paused", "It is paused");
        var paused = await FindAsync(made.Webhook.Id);
        Assert.Equal(("failing", 3L, 0L), (paused.PausedWhy, paused.Queued + paused.GivenUp, (long)_receiver.Taken().Count));
        Assert.True(paused.PausedAt - paused.FailingSince >= TimeSpan.FromHours(24), $"{paused}");
        Assert.True(paused.Failures >= 8, $"{paused}");
    }

    [Fact]
    public async Task One_event_that_is_never_taken_holds_up_no_other_and_is_given_up()
    {
        await Grid.OpenAsync("WH-BAD");
        _receiver.Answer = (r, http) =>
            Task.FromResult(http.Response.StatusCode = r.Event.GetProperty("data").GetProperty("amount").GetString() == "1.000000000" ? 400 : 204);
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-BAD"));
        await PayAsync("WH-BAD", "1");
        await PayAsync("WH-BAD", "2");
        await PayAsync("WH-BAD", "3");
        Assert.Equal(["2.000000000", "3.000000000"],
            (await TakenAsync(2)).Select(t => t.Event.GetProperty("data").GetProperty("amount").GetString()!).Order());
        var amount = 10;
        var given = await Eventually.GetAsync(
            async () =>
            {
                // Others are taken in between: the receiver is not away.
                await PayAsync("WH-BAD", $"{amount++}");
                Grid.Time.Shift(TimeSpan.FromHours(8));
                return (await DeliveriesAsync(made.Webhook.Id)).Find(d => d.State == "given-up");
            },
            d => d is not null, "It is given up");
        Assert.Equal((WebhookSchedule.AttemptsMax, 400), (given!.Attempts, given.Status));
        Assert.Equal("active", (await FindAsync(made.Webhook.Id)).State);

        _receiver.Answer = (_, _) => Task.CompletedTask;
        var (status, _) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/replay", new ReplayRequest(given.Event));
        Assert.Equal(202, status);
        await Eventually.GetAsync(() => Task.FromResult(_receiver.Taken()), t => t.Exists(r => r.Id == given.Event), "What was given up is sent again");
    }

    [Fact]
    public async Task An_ordered_webhook_sends_an_accounts_events_in_order_and_others_meanwhile()
    {
        await Grid.OpenAsync("WH-ORD-1");
        await Grid.OpenAsync("WH-ORD-2");
        var failed = 0;
        _receiver.Answer = (r, http) => Task.FromResult(
            http.Response.StatusCode = r.Account == "WH-ORD-1" && Interlocked.Increment(ref failed) <= 2 ? 500 : 204);
        await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], Ordered: true));
        for (var i = 1; i <= 5; i++)
        {
            await PayAsync("WH-ORD-1", $"{i}");
            await PayAsync("WH-ORD-2", $"{i}");
        }

        await Eventually.GetAsync(
            () =>
            {
                Grid.Time.Shift(TimeSpan.FromMinutes(1));
                return Task.FromResult(_receiver.Taken());
            },
            t => t.Count(r => r.Account.StartsWith("WH-ORD-", StringComparison.Ordinal)) == 10, "All are taken");
        foreach (var account in new[] { "WH-ORD-1", "WH-ORD-2" })
        {
            Assert.Equal(["1.000000000", "2.000000000", "3.000000000", "4.000000000", "5.000000000"],
                _receiver.Taken().Where(t => t.Account == account).Select(t => t.Event.GetProperty("data").GetProperty("amount").GetString()));
        }
    }

    [Fact]
    public async Task What_was_delivered_is_sent_again_from_an_instant_with_the_same_ids()
    {
        await Grid.OpenAsync("WH-REPLAY");
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-REPLAY"));
        await PayAsync("WH-REPLAY", "1");
        await TakenAsync(1);
        Grid.Time.Shift(TimeSpan.FromMinutes(5));
        var from = Grid.Time.GetUtcNow();
        await PayAsync("WH-REPLAY", "2");
        await PayAsync("WH-REPLAY", "3");
        var first = (await TakenAsync(3)).Skip(1).Select(t => t.Id).Order().ToList();
        Assert.Equal(202, (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/replay", new ReplayRequest(From: from))).Status);
        Assert.Equal(first, (await TakenAsync(5)).Skip(3).Select(t => t.Id).Order());

        foreach (var wrong in new[] { new ReplayRequest(), new ReplayRequest("1-2-3", from) })
        {
            var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/replay", wrong);
            Assert.Equal((422, "webhook.replay_invalid"), (status, body.GetProperty("code").GetString()));
        }

        foreach (var unknown in new[] { "x", "0-999999999-0", "00-1-1" })
        {
            var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/replay", new ReplayRequest(unknown));
            Assert.Equal((404, "event.unknown"), (status, body.GetProperty("code").GetString()));
        }
    }

    /// <summary>Neither the place nor the instant leads past what was not sent yet, also where a second replay comes before the first has ended.</summary>
    [Fact]
    public async Task A_replay_from_a_later_instant_passes_over_nothing_that_was_not_sent()
    {
        await Grid.OpenAsync("WH-FORWARD");
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-FORWARD"));
        await PayAsync("WH-FORWARD", "1");
        await AmountsAsync(1);
        await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/pause");
        await PayAsync("WH-FORWARD", "2");
        await EventsAsync("account=WH-FORWARD&kind=payment.taken", 2);
        Grid.Time.Shift(TimeSpan.FromHours(3));
        await Grid.Host.Services.GetRequiredService<EventMarks>().KeepAsync(TestContext.Current.CancellationToken);
        Grid.Time.Shift(TimeSpan.FromMinutes(30));
        var from = Grid.Time.GetUtcNow();
        await PayAsync("WH-FORWARD", "3");
        await ReplayAsync(from);
        Assert.Equal(["1.000000000", "2.000000000", "3.000000000"], await AmountsAsync(3));

        await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/pause");
        await ReplayAsync(from.AddDays(-1), from);
        Assert.Equal(["1.000000000", "1.000000000", "2.000000000", "2.000000000", "3.000000000", "3.000000000"], await AmountsAsync(6));

        async Task ReplayAsync(params DateTimeOffset[] instants)
        {
            foreach (var instant in instants)
            {
                Assert.Equal(202, (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/replay", new ReplayRequest(From: instant))).Status);
            }

            await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/resume");
        }

        async Task<IEnumerable<string>> AmountsAsync(int count)
        {
            var taken = await TakenAsync(count);
            await DeliveriesAsync(made.Webhook.Id, l => l.TrueForAll(d => d.State == "delivered"));
            return taken.Select(t => t.Event.GetProperty("data").GetProperty("amount").GetString()!).Order();
        }
    }

    [Fact]
    public async Task A_paused_webhook_sends_nothing_and_loses_nothing()
    {
        await Grid.OpenAsync("WH-PAUSE");
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-PAUSE"));
        await PayAsync("WH-PAUSE", "1");
        await TakenAsync(1);
        var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/pause");
        Assert.Equal((200, "asked"), (status, body.GetProperty("pausedWhy").GetString()));
        await PayAsync("WH-PAUSE", "2");
        await EventsAsync("account=WH-PAUSE&kind=payment.taken", 2);
        var other = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-PAUSE"));
        await PayAsync("WH-PAUSE", "3");
        await TakenAsync(2);
        Assert.Single(await DeliveriesAsync(made.Webhook.Id));
        await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/resume");
        await TakenAsync(4);
        Assert.Equal(3, (await DeliveriesAsync(made.Webhook.Id)).Count);
        Assert.Single(await DeliveriesAsync(other.Webhook.Id));
    }

    [Fact]
    public async Task Both_secrets_sign_while_they_are_rotated_and_then_the_new_one_alone()
    {
        await Grid.OpenAsync("WH-ROT");
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-ROT"));
        var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/secret", new RotateSecretRequest(60));
        Assert.Equal(200, status);
        var second = body.GetProperty("secret").GetString()!;
        await PayAsync("WH-ROT", "1");
        var both = Assert.Single(await TakenAsync(1));
        Assert.Equal($"v1,{Signature(second, both)} v1,{Signature(made.Secret, both)}", both.Headers["webhook-signature"]);

        // The receiver may have the first one alone.
        var (refused, why) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/secret", new RotateSecretRequest(60));
        Assert.Equal((409, "webhook.overlap_running"), (refused, why.GetProperty("code").GetString()));
        Grid.Time.Shift(TimeSpan.FromHours(2));
        await PayAsync("WH-ROT", "2");
        var one = (await TakenAsync(2))[1];
        Assert.Equal($"v1,{Signature(second, one)}", one.Headers["webhook-signature"]);

        Assert.Equal(200, (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/secret", new RotateSecretRequest(60))).Status);
        (status, body) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/secret", new RotateSecretRequest(0));
        Assert.Equal(200, status);
        await PayAsync("WH-ROT", "3");
        var last = (await TakenAsync(3))[2];
        Assert.Equal($"v1,{Signature(body.GetProperty("secret").GetString()!, last)}", last.Headers["webhook-signature"]);
        Assert.DoesNotContain(second, (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{made.Webhook.Id}")).Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(422, (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/secret", new RotateSecretRequest(10_081))).Status);
    }

    [Fact]
    public async Task A_rotated_key_keeps_its_webhooks_and_a_revoked_one_gets_nothing()
    {
        await Grid.OpenAsync("WH-KEY");
        var key = await KeyAsync("client");
        using var owner = Grid.WithKey(key);
        var made = await AddAsync(new WebhookRequest(_receiver.Url, ["payment.taken"], "WH-KEY"), owner);
        var rotated = await Grid.Admin.PostAsync<RotatedKeyAnswer>($"/v1/keys/{key.Split('_')[1]}/rotate", new RotateKeyRequest(0));
        await PayAsync("WH-KEY", "1");
        await TakenAsync(1);
        using var after = Grid.WithKey(rotated.Key);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Get, $"/v1/webhooks/{made.Webhook.Id}", http: after)).Status);
        Assert.Equal(204, (await Grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{rotated.Key.Split('_')[1]}")).Status);
        Assert.Equal("key-ended", (await StateAsync(made.Webhook.Id, "paused")).PausedWhy);
        await PayAsync("WH-KEY", "2");
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task A_client_sees_its_own_webhooks_and_an_administrator_all()
    {
        var made = await AddAsync(new WebhookRequest(_receiver.Url));
        using var other = Grid.WithKey(await KeyAsync("client"));
        foreach (var (method, path) in new[] { ("GET", ""), ("DELETE", ""), ("POST", "/resume"), ("POST", "/pause"), ("GET", "/deliveries") })
        {
            var (status, body) = await Grid.SendAsync(new HttpMethod(method), $"/v1/webhooks/{made.Webhook.Id}{path}", http: other);
            Assert.Equal((404, "webhook.unknown"), (status, body.GetProperty("code").GetString()));
        }

        Assert.Equal(0, (await Grid.SendAsync(HttpMethod.Get, "/v1/webhooks", http: other)).Body.GetProperty("data").GetArrayLength());
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Get, $"/v1/webhooks/{made.Webhook.Id}")).Status);
        using var auditor = Grid.WithKey(await KeyAsync("auditor"));
        Assert.Equal(403, (await Grid.SendAsync(HttpMethod.Get, "/v1/webhooks", http: auditor)).Status);
    }

    [Fact]
    public async Task A_webhook_is_made_once_for_a_key_and_wrong_ones_are_refused_by_name()
    {
        var request = new WebhookRequest(_receiver.Url, ["payment.taken"]);
        Assert.Equal(201, (await Grid.SendAsync(HttpMethod.Post, "/v1/webhooks", request, "once", _client)).Status);
        var (again, body) = await Grid.SendAsync(HttpMethod.Post, "/v1/webhooks", request, "once", _client);
        Assert.Equal((409, "webhook.made_already"), (again, body.GetProperty("code").GetString()));
        (WebhookRequest Request, int Status, string Code)[] wrong =
        [
            (request with { Url = "http://hooks.example/" }, 422, "webhook.url_invalid"), (request with { Url = "" }, 422, "webhook.url_invalid"),
            (request with { Kinds = ["payment.take"] }, 422, "event.kind_unknown"), (request with { Account = "NOBODY" }, 404, "account.unknown"),
            (request with { Description = new string('x', 300) }, 422, "text.invalid"),
        ];
        foreach (var (spoilt, status, code) in wrong)
        {
            var answer = await SendAsync(HttpMethod.Post, "/v1/webhooks", spoilt);
            Assert.Equal((status, code), (answer.Status, answer.Body.GetProperty("code").GetString()));
        }

        for (var i = 1; i < WebhookRegister.OfCallerMax; i++)
        {
            await AddAsync(request);
        }

        Assert.Equal("webhook.too_many", (await SendAsync(HttpMethod.Post, "/v1/webhooks", request)).Body.GetProperty("code").GetString());
    }

    private async Task<string> KeyAsync(string role) => (await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, "webhooks"))).Key;

    private async Task<WebhookSecretAnswer> AddAsync(WebhookRequest request, HttpClient? http = null)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, "/v1/webhooks", request, http: http ?? _client);
        Assert.True(status == 201, body.ToString());
        return body.Deserialize<WebhookSecretAnswer>(ApiJson.Options)!;
    }

    private Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null) =>
        Grid.SendAsync(method, path, body, http: _client);

    /// <returns>The payment's id.</returns>
    private async Task<string> PayAsync(string account, string amount)
    {
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/payments", new PaymentRequest(amount), Guid.NewGuid().ToString());
        Assert.Equal(201, status);
        return body.GetProperty("id").GetString()!;
    }

    private Task<JsonElement> EventsAsync(string query, int count) =>
        Eventually.GetAsync(() => EventsAsync(query), e => e.GetProperty("data").GetArrayLength() == count, $"{count} events are listed");

    private async Task<JsonElement> EventsAsync(string query) => (await Grid.SendAsync(HttpMethod.Get, $"/v1/events?{query}", http: _client)).Body;

    private Task<List<ReceivedWebhook>> TakenAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult(_receiver.Taken()), t => t.Count >= count, $"{count} events are taken");

    private async Task<List<WebhookAnswer>> ListAsync() => await Grid.Admin.ListAsync<WebhookAnswer>("/v1/webhooks");

    private Task<WebhookAnswer> FindAsync(Guid id) => Grid.Admin.GetAsync<WebhookAnswer>($"/v1/webhooks/{id}");

    private Task<WebhookAnswer> StateAsync(Guid id, string state) => Eventually.GetAsync(() => FindAsync(id), w => w.State == state, $"The webhook is {state}");

    private async Task<List<DeliveryLogAnswer>> DeliveriesAsync(Guid id) =>
        [.. (await Grid.Admin.GetAsync<Page<DeliveryLogAnswer>>($"/v1/webhooks/{id}/deliveries?limit=500")).Data];

    private Task<List<DeliveryLogAnswer>> DeliveriesAsync(Guid id, Predicate<List<DeliveryLogAnswer>> isRight) =>
        Eventually.GetAsync(() => DeliveriesAsync(id), l => l.Count > 0 && isRight(l), "The log of deliveries");

    /// <summary>Computed as a receiver does, from the specification.</summary>
    private static string Signature(string secret, ReceivedWebhook got)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var signed = $"{got.Headers["webhook-id"]}.{got.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(got.Body)}";
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(signed)));
    }
}
