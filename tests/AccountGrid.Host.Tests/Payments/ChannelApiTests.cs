using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments;

/// <summary>
/// The API of payment channels against a grid: whatever comes, in whatever order and however often, the books of channel and grid are the same.
/// </summary>
public sealed class ChannelApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_payment_is_booked_once_and_its_answer_says_what_it_paid()
    {
        await grid.OpenAsync("CH-PAY");
        using var bank = await ChannelAsync("bank-pay");
        var query = await PostAsync<ChannelQueryAnswer>(bank, "queries", new ChannelQueryRequest("CH-PAY", Amount: "20"));
        Assert.Equal(("nothing_owed", "now", "any"), (query.Result, query.Retry, query.Exactness));
        var payment = Payment("P1", "CH-PAY", "20.50") with { QueryRef = query.QueryRef, Payer = new("Wang Fang", "13912345678") };
        var first = await PostAsync<ChannelPaymentAnswer>(bank, "payments", payment);
        Assert.Equal(("accepted", "20.500000000", "20.500000000"), (first.Status, first.Amount, first.BalanceAfter));
        Assert.Equal([new AllocatedPart("energy", "20.500000000")], first.Allocated);
        Assert.Contains("20.50 CNY", first.ReceiptText.Zh, StringComparison.Ordinal);
        var again = await PostAsync<ChannelPaymentAnswer>(bank, "payments", payment);
        Assert.Equal(first.Payment, again.Payment);
        await RefusedAsync(bank, "payments", payment with { Amount = "20.51" }, 409, "payment.txn_reused");
        await grid.BalanceAsync("CH-PAY", "20.50");

        var status = await GetAsync<ChannelPaymentStatus>(bank, "payments/P1");
        Assert.Equal(("accepted", first.Payment), (status.Status, status.Answer!.Payment));
        var receipt = await grid.Http.GetAsync($"/v1/payments/{first.Payment}/receipt");
        Assert.Contains("bank-pay-P1", await receipt.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var page = new HttpRequestMessage(HttpMethod.Get, $"/v1/payments/{first.Payment}/receipt");
        page.Headers.Accept.ParseAdd("text/html");
        var html = await (await grid.Http.SendAsync(page)).Content.ReadAsStringAsync();
        Assert.Contains("20.50 CNY", html, StringComparison.Ordinal);
        Assert.DoesNotContain("13912345678", html, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("select count(*) from channel_payment where facts::text like '%Wang Fang%' or facts::text like '%13912345678%'"));
        Assert.Equal(1, await CountAsync("select count(*) from channel_payment where txn = 'P1' and facts->'payer'->>'phone' = '****78'"));
    }

    [Fact]
    public async Task A_status_query_that_closes_an_id_and_a_payment_under_it_exclude_each_other()
    {
        await grid.OpenAsync("CH-CLOSE");
        using var bank = await ChannelAsync("bank-close");
        Assert.Equal("absent", (await GetAsync<ChannelPaymentStatus>(bank, "payments/C0")).Status);
        Assert.Equal("closed", (await GetAsync<ChannelPaymentStatus>(bank, "payments/C0?close=true")).Status);
        await RefusedAsync(bank, "payments", Payment("C0", "CH-CLOSE", "5"), 409, "payment.txn_closed");
        var booked = 0;
        for (var i = 1; i <= 20; i++)
        {
            var txn = $"C{i}";
            var pay = bank.PostAsJsonAsync("/v1/channel/payments", Payment(txn, "CH-CLOSE", "1"));
            var close = GetAsync<ChannelPaymentStatus>(bank, $"payments/{txn}?close=true");
            var paid = (int)(await pay).StatusCode;
            var closed = (await close).Status;
            Assert.True((paid, closed) is (200, "accepted") or (409, "closed"), $"{txn}: the payment was answered {paid}, the query {closed}.");
            booked += paid == 200 ? 1 : 0;
        }

        await grid.BalanceAsync("CH-CLOSE", $"{booked}.0");
    }

    [Fact]
    public async Task A_reversal_before_its_payment_wins_and_one_after_it_takes_it_back_once()
    {
        await grid.OpenAsync("CH-REV");
        using var bank = await ChannelAsync("bank-rev");
        var early = await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("R1", "V1", "7"));
        Assert.Equal("remembered", early.Status);
        await RefusedAsync(bank, "payments", Payment("V1", "CH-REV", "7"), 409, "payment.txn_closed");

        await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("V2", "CH-REV", "9"));
        await RefusedAsync(bank, "reversals", Reversal("R2", "V2", "8"), 422, "reversal.amount_differs");
        var done = await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("R2", "V2", "9"));
        Assert.Equal(("done", "0.000000000"), (done.Status, done.BalanceAfter));
        Assert.Equal(done, await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("R2", "V2", "9")));
        await RefusedAsync(bank, "reversals", Reversal("R2", "V2", "9") with { Reason = "bounced" }, 409, "payment.txn_reused");
        var second = await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("R3", "V2", "9"));
        Assert.Equal(("refused", "reversal.done_before"), (second.Status, second.RefusedBecause));
        Assert.Equal("reversed", (await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("V2", "CH-REV", "9"))).Status);
        await grid.BalanceAsync("CH-REV", "0.0");
    }

    [Fact]
    public async Task Money_for_an_account_that_is_not_there_is_held_until_a_person_moves_it_or_the_channel_takes_it_back()
    {
        await grid.OpenAsync("CH-HELD");
        using var bank = await ChannelAsync("bank-held");
        var held = await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("H1", "no-such account", "12"));
        Assert.Equal(("held", "held.account_unknown", null), (held.Status, held.HeldBecause, held.Payment));
        Assert.Equal([new AllocatedPart("suspense", "12.000000000")], held.Allocated);
        await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("H2", "NOBODY", "3"));
        var list = await grid.Admin.GetAsync<Page<HeldPayment>>("/v1/channels/held?channel=bank-held");
        Assert.Equal([("H1", "no-such account"), ("H2", "NOBODY")], list.Data.Select(h => (h.ChannelTxnId, h.Account)));

        Assert.Equal("account.unknown", await AssignCodeAsync("bank-held", "H1", new("NOBODY", "why")));
        Assert.Equal("text.invalid", await AssignCodeAsync("bank-held", "H1", new("CH-HELD", " ")));
        Assert.Equal("held.unknown", await AssignCodeAsync("bank-held", "H9", new("CH-HELD", "told by phone")));
        var moved = await grid.Admin.PostAsync<ChannelPaymentAnswer>("/v1/channels/bank-held/held/H1", new AssignHeldRequest("CH-HELD", "told by phone"));
        Assert.Equal(("accepted", "CH-HELD", "12.000000000"), (moved.Status, moved.Account, moved.BalanceAfter));
        Assert.Equal("held.unknown", await AssignCodeAsync("bank-held", "H1", new("CH-HELD", "told by phone")));
        Assert.Equal("accepted", (await GetAsync<ChannelPaymentStatus>(bank, "payments/H1")).Status);

        Assert.Equal("done", (await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("HR2", "H2", "3"))).Status);
        Assert.Equal("held.unknown", await AssignCodeAsync("bank-held", "H2", new("CH-HELD", "told by phone")));
        Assert.Equal("done", (await PostAsync<ChannelReversalAnswer>(bank, "reversals", Reversal("HR1", "H1", "12"))).Status);
        await grid.BalanceAsync("CH-HELD", "0.0");
        var day = await GetAsync<ChannelDayAnswer>(bank, $"days/{Today():yyyy-MM-dd}");
        Assert.Equal([new ChannelDaySum("reversed", 2, "15.000000000")], day.ByStatus);
    }

    [Fact]
    public async Task A_closed_account_takes_what_it_owes_and_the_rest_is_held()
    {
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("CH-GONE", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CH-GONE/adjustments", new AdjustmentRequest("-4", "last bill"), "gone-1");
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts/CH-GONE/close", new CloseAccountRequest("moved out"));
        using var bank = await ChannelAsync("bank-gone");
        Assert.Equal("ok", (await PostAsync<ChannelQueryAnswer>(bank, "queries", new ChannelQueryRequest("CH-GONE"))).Result);
        Assert.Equal("accepted", (await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("G1", "CH-GONE", "4"))).Status);
        Assert.Equal("closed_account", (await PostAsync<ChannelQueryAnswer>(bank, "queries", new ChannelQueryRequest("CH-GONE"))).Result);
        var held = await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("G2", "CH-GONE", "4"));
        Assert.Equal(("held", "held.account_closed"), (held.Status, held.HeldBecause));
    }

    [Fact]
    public async Task The_key_decides_which_channel_it_is_and_only_channels_may_come_in()
    {
        await grid.OpenAsync("CH-KEY");
        using var one = await ChannelAsync("bank-one");
        using var two = await ChannelAsync("bank-two");
        await PostAsync<ChannelPaymentAnswer>(one, "payments", Payment("K1", "CH-KEY", "1"));
        Assert.Equal("absent", (await GetAsync<ChannelPaymentStatus>(two, "payments/K1")).Status);
        await PostAsync<ChannelPaymentAnswer>(two, "payments", Payment("K1", "CH-KEY", "2"));
        await grid.BalanceAsync("CH-KEY", "3.0");
        foreach (var role in new[] { "client", "auditor" })
        {
            using var other = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, role))).Key);
            Assert.Equal(403, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", Payment("K2", "CH-KEY", "1"), http: other)).Status);
        }

        await RefusedAsync(grid.Http, "payments", Payment("K2", "CH-KEY", "1"), 404, "channel.unknown");
        using var unconfigured =
            grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "new", Channel: "bank-new"))).Key);
        await RefusedAsync(unconfigured, "payments", Payment("K2", "CH-KEY", "1"), 404, "channel.unknown");
        foreach (var path in new[] { "/v1/accounts/CH-KEY", "/v1/accounts/CH-KEY/entries", "/v1/channels", "/v1/channels/held", "/v1/meters/CH-KEY" })
        {
            Assert.Equal(403, (await grid.SendAsync(HttpMethod.Get, path, http: one)).Status);
        }
    }

    [Fact]
    public async Task A_version_never_changes_and_another_takes_effect_on_its_day()
    {
        var today = Today();
        var first = Definition("bank-ver") with { MaxAmount = "10" };
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", first)).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", first)).Status);
        Assert.Equal("channel.immutable", await CodeAsync("/v1/channels", first with { MaxAmount = "11" }));
        Assert.Equal("channel.immutable", await CodeAsync("/v1/channels", first with { EffectiveFrom = today.AddDays(1), Zone = "Asia/Tokyo" }));
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", first with { EffectiveFrom = today, MaxAmount = "20" })).Status);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", first with { EffectiveFrom = today.AddDays(2), MaxAmount = "30" })).Status);
        await grid.OpenAsync("CH-VER");
        using var bank = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "ver", Channel: "bank-ver"))).Key);
        await RefusedAsync(bank, "payments", Payment("E1", "CH-VER", "20.01"), 422, "payment.amount_out_of_range");
        Assert.Equal("accepted", (await PostAsync<ChannelPaymentAnswer>(bank, "payments", Payment("E1", "CH-VER", "20"))).Status);
    }

    [Theory]
    [InlineData("channelTxnId", "payment.txn_invalid")]
    [InlineData("amount", "amount.invalid")]
    [InlineData("zero", "amount.invalid")]
    [InlineData("refs", "request.value_invalid")]
    [InlineData("note", "text.invalid")]
    public async Task A_wrong_field_is_named_with_a_text_for_the_customer_and_nothing_is_booked(string what, string code)
    {
        using var bank = await ChannelAsync("bank-form");
        var right = Payment("F1", "CH-FORM", "1");
        var wrong = what switch
        {
            "channelTxnId" => right with { ChannelTxnId = "a b" },
            "amount" => right with { Amount = "one" },
            "zero" => right with { Amount = "0" },
            "refs" => right with { ExternalRefs = [new("mail", "1")] },
            _ => right with { Note = new string('x', 257) },
        };
        await RefusedAsync(bank, "payments", wrong, code == "request.value_invalid" ? 400 : 422, code);
        Assert.Equal("absent", (await GetAsync<ChannelPaymentStatus>(bank, "payments/F1")).Status);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_booked_once_by_whoever_comes_next()
    {
        await grid.OpenAsync("CH-DEAD");
        using var bank = await ChannelAsync("bank-dead");
        var services = grid.Host.Services;
        var store = services.GetRequiredService<ChannelPaymentStore>();
        var request = Payment("D1", "CH-DEAD", "6");
        await store.RegisterAsync("bank-dead", null, request, Money.FromUnits(6), Requests.HashOf(request), new { tender = "bank" }, null);
        var reversal = Reversal("DR1", "D1", "6");
        await store.RegisterReversalAsync("bank-dead", reversal, Requests.HashOf(reversal));
        var keeper = services.GetRequiredService<ChannelBookkeeper>();
        Assert.Equal(2, await keeper.EndLeftAsync(TimeSpan.Zero));
        Assert.Equal(0, await keeper.EndLeftAsync(TimeSpan.Zero));
        Assert.Equal("done", (await PostAsync<ChannelReversalAnswer>(bank, "reversals", reversal)).Status);
        Assert.Equal("reversed", (await GetAsync<ChannelPaymentStatus>(bank, "payments/D1")).Status);
        await grid.BalanceAsync("CH-DEAD", "0.0");
        await grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        Assert.Equal(2, await CountAsync("select count(*) from entry e join account a on a.number = e.account where a.id = 'CH-DEAD'"));
    }

    [Fact]
    public async Task Whatever_is_sent_in_whatever_order_and_however_often_the_books_are_the_same()
    {
        await grid.OpenAsync("CH-MIX");
        using var bank = await ChannelAsync("bank-mix");
        var random = new Random(18);
        var sends = new List<Func<Task>>();
        for (var i = 0; i < 30; i++)
        {
            var (txn, amount) = ($"M{i}", $"{1 + i}.25");
            var payment = Payment(txn, i % 7 == 6 ? "NOBODY" : "CH-MIX", amount);
            var acts = new List<Func<Task>> { () => bank.PostAsJsonAsync("/v1/channel/payments", payment),
                () => bank.PostAsJsonAsync("/v1/channel/payments", payment) };
            if (i % 3 == 0)
            {
                acts.Add(() => bank.PostAsJsonAsync("/v1/channel/reversals", Reversal($"MR{txn}", txn, amount)));
                acts.Add(() => bank.PostAsJsonAsync("/v1/channel/reversals", Reversal($"MR{txn}", txn, amount)));
                acts.Add(() => bank.PostAsJsonAsync("/v1/channel/reversals", Reversal($"MS{txn}", txn, amount)));
            }

            if (i % 5 == 0)
            {
                acts.Add(() => bank.GetAsync($"/v1/channel/payments/{txn}?close=true"));
            }

            sends.AddRange(acts);
        }

        foreach (var batch in sends.OrderBy(_ => random.Next()).Chunk(8))
        {
            await Task.WhenAll(batch.Select(s => s()));
        }

        var (expected, held) = (Money.Zero, Money.Zero);
        for (var i = 0; i < 30; i++)
        {
            var status = await GetAsync<ChannelPaymentStatus>(bank, $"payments/M{i}");
            Assert.Contains(status.Status, (string[])["accepted", "held", "reversed", "closed"]);
            Assert.True(i % 3 != 0 || status.Status is "reversed" or "closed", $"M{i} is {status.Status} though it was taken back.");
            Assert.True(i % 7 == 6 || i % 3 == 0 || status.Status is "accepted" || (status.Status == "closed" && i % 5 == 0), $"M{i} is {status.Status}.");
            expected += status.Status == "accepted" ? Money.FromUnits(1 + i) + new Money(250_000_000) : Money.Zero;
            held += status.Status == "held" ? Money.FromUnits(1 + i) + new Money(250_000_000) : Money.Zero;
        }

        await grid.BalanceAsync("CH-MIX", expected.ToString());
        Assert.Equal(held.Nano, (await grid.Host.Services.GetRequiredService<IGrainFactory>().Account("suspense/bank-mix").Get())?.BalanceNano ?? 0);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_terminals_sign_of_life_is_kept_once()
    {
        using var bank = await ChannelAsync("bank-beat");
        var beat = new ChannelHeartbeat("t-1", grid.Time.GetUtcNow(), 3);
        Assert.Equal(204, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/heartbeats", beat, http: bank)).Status);
        Assert.Equal(204, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/heartbeats", beat, http: bank)).Status);
        await RefusedAsync(bank, "heartbeats", beat with { Queue = -1 }, 400, "request.value_invalid");
        Assert.Equal(1, await CountAsync("select count(*) from channel_heartbeat where channel = 'bank-beat' and queue = 3"));
    }

    private DateOnly Today() => PaymentChannelRules.LocalDay(Definition("any"), grid.Time.GetUtcNow());

    private static PaymentChannelDefinition Definition(string id) => new()
    {
        Id = id,
        Kind = "bank",
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["bank", "card"],
        MaxAmount = "5000",
    };

    private ChannelPaymentRequest Payment(string txn, string account, string amount) =>
        new(txn, account, amount, "CNY", new DateTimeOffset(Today().ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)), Today(), "bank");

    private static ChannelReversalRequest Reversal(string txn, string original, string amount) =>
        new(txn, original, amount, "timeout", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8)));

    private async Task<HttpClient> ChannelAsync(string id)
    {
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition(id));
        return grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id))).Key);
    }

    private async Task<T> PostAsync<T>(HttpClient http, string path, object body)
    {
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, $"/v1/channel/{path}", body, http: http);
        Assert.True(status == 200, $"{path}: {status} {answer}");
        return answer.Deserialize<T>(JsonSerializerOptions.Web)!;
    }

    private async Task<T> GetAsync<T>(HttpClient http, string path)
    {
        var (status, answer) = await grid.SendAsync(HttpMethod.Get, $"/v1/channel/{path}", http: http);
        Assert.True(status == 200, $"{path}: {status} {answer}");
        return answer.Deserialize<T>(JsonSerializerOptions.Web)!;
    }

    private async Task RefusedAsync(HttpClient http, string path, object body, int status, string code)
    {
        var answer = await grid.SendAsync(HttpMethod.Post, $"/v1/channel/{path}", body, http: http);
        Assert.Equal((status, code), (answer.Status, answer.Body.GetProperty("code").GetString()));
        Assert.True(answer.Body.GetProperty("customerText").GetProperty("zh").GetString()!.Length > 5);
        Assert.Contains(answer.Body.GetProperty("retry").GetString(), (string[])["never", "later", "now"]);
    }

    private async Task<string?> AssignCodeAsync(string channel, string txn, AssignHeldRequest body) =>
        await CodeAsync($"/v1/channels/{channel}/held/{txn}", body);

    private async Task<string?> CodeAsync(string path, object body) =>
        (await grid.SendAsync(HttpMethod.Post, path, body)).Body.GetProperty("code").GetString();

    private async Task<long> CountAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
