using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments;

/// <summary>Agents sell out of their floats, and what a channel cannot place waits in its suspense account: both are accounts of the ledger.</summary>
public sealed class AgentApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_sale_takes_from_the_float_what_the_customer_gets_less_the_commission()
    {
        await grid.OpenAsync("AG-SALE");
        using var terminal = await AgentAsync("sale", deposit: "100", commission: "1.5");
        var sold = await PostAsync<ChannelPaymentAnswer>(terminal, Payment("S1", "AG-SALE", "40"));
        Assert.Equal(("accepted", "40.000000000"), (sold.Status, sold.BalanceAfter));
        var again = await PostAsync<ChannelPaymentAnswer>(terminal, Payment("S1", "AG-SALE", "40"));
        Assert.Equal(sold.Payment, again.Payment);
        Assert.Equal(("60.600000000", "60.600000000", "1.5"), await FloatAsync("sale"));
        var entries = await Eventually.GetAsync(
            () => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/agents/agent-sale/entries"), p => p.Data.Count >= 3, "The ledger has the sale");
        Assert.Equal(["commission", "transfer", "deposit"], entries.Data.Select(e => e.Kind));

        var back = await SendAsync(terminal, "reversals", new ChannelReversalRequest("R1", "S1", "40", "timeout", DateTimeOffset.UnixEpoch));
        Assert.Equal("done", back.GetProperty("status").GetString());
        await grid.BalanceAsync("AG-SALE", "0.0");
        await Eventually.GetAsync(() => FloatAsync("sale"), f => f.Float == "100.000000000", "The float has its money back");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_short_float_refuses_before_anything_is_booked_and_the_id_stays_refused()
    {
        await grid.OpenAsync("AG-SHORT");
        using var terminal = await AgentAsync("short", deposit: "10", commission: "0");
        var refused = await RefusedAsync(terminal, Payment("S1", "AG-SHORT", "10.01"), 422, "agent.float_exhausted");
        Assert.Contains("10.010000000 is more than 10.000000000", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("later", refused.GetProperty("retry").GetString());
        await ChangeAsync("short", new("deposit", "100", "more"));
        await RefusedAsync(terminal, Payment("S1", "AG-SHORT", "10.01"), 422, "agent.float_exhausted");
        Assert.Equal("rejected", (await SendAsync(terminal, "payments/S1", null)).GetProperty("status").GetString());
        await PostAsync<ChannelPaymentAnswer>(terminal, Payment("S2", "AG-SHORT", "10.01"));
        await RefusedAsync(terminal, Payment("S3", "NOBODY", "1"), 404, "account.unknown");
        await grid.BalanceAsync("AG-SHORT", "10.01");
        Assert.Equal("99.990000000", (await FloatAsync("short")).Float);
    }

    /// <summary>Many sales at once: those that are accepted fit into the float exactly, whoever came first.</summary>
    [Fact]
    public async Task Terminals_that_sell_at_once_never_pass_the_limit()
    {
        await grid.OpenAsync("AG-RACE");
        using var terminal = await AgentAsync("race", deposit: "50", commission: "0");
        await ChangeAsync("race", new("limit", "20", "contract 7"));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => terminal.PostAsJsonAsync("/v1/channel/payments", Payment($"S{i}", "AG-RACE", "7"))));
        Assert.Equal(10, answers.Count(a => (int)a.StatusCode == 200));
        Assert.Equal(30, answers.Count(a => (int)a.StatusCode == 422));
        Assert.Equal(("-20.000000000", "0.000000000", "0"), await FloatAsync("race"));
        await grid.BalanceAsync("AG-RACE", "70");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Deposits_count_once_per_reference_and_terms_are_checked()
    {
        using var terminal = await AgentAsync("terms", deposit: "10", commission: "0");
        await ChangeAsync("terms", new("deposit", "10", "first"));
        Assert.Equal("10.000000000", (await FloatAsync("terms")).Float);
        Assert.Equal("agent.reference_reused", await ChangeCodeAsync("terms", new("deposit", "11", "first")));
        Assert.Equal("agent.withdrawal_exceeds", await ChangeCodeAsync("terms", new("withdrawal", "10.01", "out")));
        Assert.Equal("agent.move_invalid", await ChangeCodeAsync("terms", new("gift", "1", "x")));
        Assert.Equal("agent.limit_invalid", await ChangeCodeAsync("terms", new("limit", "-1", "x")));
        Assert.Equal("agent.commission_invalid", await ChangeCodeAsync("terms", new("commission", "10.0001", "x")));
        Assert.Equal("agent.commission_invalid", await ChangeCodeAsync("terms", new("commission", "0.00001", "x")));
        Assert.Equal("amount.invalid", await ChangeCodeAsync("terms", new("deposit", "0.001", "x")));
        Assert.Equal("amount.invalid", await ChangeCodeAsync("terms", new("deposit", "0", "x")));
        Assert.Equal("text.invalid", await ChangeCodeAsync("terms", new("deposit", "1", " ")));
        await ChangeAsync("terms", new("withdrawal", "10", "out"));
        Assert.Equal("0.000000000", (await FloatAsync("terms")).Float);
        Assert.Equal("agent.unknown", await CodeAsync("/v1/agents/nobody/float", new FloatRequest("deposit", "1", "x")));
        Assert.Equal("agent.channel_invalid", await CodeAsync("/v1/agents", new AgentRequest("agent-x", "no-such-channel")));
        Assert.Equal("agent.exists", await ExistsAsync());
    }

    [Fact]
    public async Task An_agent_sees_and_reverses_only_its_own_and_a_channel_names_its_agents()
    {
        await grid.OpenAsync("AG-TWO");
        using var first = await AgentAsync("two-a", deposit: "10", commission: "0", channel: "agents-two");
        using var second = await AgentAsync("two-b", deposit: "10", commission: "0", channel: "agents-two");
        await PostAsync<ChannelPaymentAnswer>(first, Payment("S1", "AG-TWO", "1"));
        await RefusedAsync(second, Payment("S1", "AG-TWO", "1"), 409, "payment.txn_reused");
        await RefusedAsync(second, Payment("S2", "AG-TWO", "1") with { Agent = "agent-two-a" }, 422, "agent.not_of_key");
        var (status, body) = await grid.SendAsync(HttpMethod.Get, "/v1/channel/payments/S1?close=true", http: second);
        Assert.Equal((404, "agent.txn_of_another"), (status, body.GetProperty("code").GetString()));
        var reversal = new ChannelReversalRequest("R1", "S1", "1", "timeout", DateTimeOffset.UnixEpoch);
        var refused = await grid.SendAsync(HttpMethod.Post, "/v1/channel/reversals", reversal, http: second);
        Assert.Equal((404, "agent.txn_of_another"), (refused.Status, refused.Body.GetProperty("code").GetString()));
        var day = await SendAsync(second, $"days/{Today():yyyy-MM-dd}", null);
        Assert.Equal("[]", day.GetProperty("byStatus").GetRawText());

        var key = await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "x", Channel: "agents-two"));
        using var operators = grid.WithKey(key.Key);
        await RefusedAsync(operators, Payment("S3", "AG-TWO", "1"), 422, "agent.needed");
        await RefusedAsync(operators, Payment("S3", "AG-TWO", "1") with { Agent = "agent-sale-x" }, 404, "agent.unknown");
        await PostAsync<ChannelPaymentAnswer>(operators, Payment("S3", "AG-TWO", "1") with { Agent = "agent-two-b" });
        Assert.Equal("9.000000000", (await FloatAsync("two-b")).Float);
    }

    /// <summary>The process dies after the float was debited: the transfer comes all the same, and whoever goes on finds it booked.</summary>
    [Fact]
    public async Task A_sale_whose_process_died_is_booked_once()
    {
        await grid.OpenAsync("AG-DEAD");
        using var terminal = await AgentAsync("dead", deposit: "10", commission: "0");
        var store = grid.Host.Services.GetRequiredService<ChannelPaymentStore>();
        var request = Payment("D1", "AG-DEAD", "6");
        await store.RegisterAsync("agents-dead", "agent-dead", request, Money.FromUnits(6), Requests.HashOf(request), new { tender = "cash" }, null);
        await grid.Host.Services.GetRequiredService<ChannelBookkeeper>().EndLeftAsync(TimeSpan.Zero);
        Assert.Equal("accepted", (await PostAsync<ChannelPaymentAnswer>(terminal, request)).Status);
        Assert.Equal("4.000000000", (await FloatAsync("dead")).Float);
        await grid.BalanceAsync("AG-DEAD", "6");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Held_money_lies_in_the_channels_suspense_account_until_a_person_or_the_channel_takes_it_out()
    {
        await grid.OpenAsync("AG-HELD");
        using var bank = await BankAsync("bank-suspense");
        Assert.Equal("held", (await PostAsync<ChannelPaymentAnswer>(bank, Payment("H1", "NOBODY", "5"))).Status);
        Assert.Equal("held", (await PostAsync<ChannelPaymentAnswer>(bank, Payment("H2", "NOBODY", "7"))).Status);
        Assert.Equal(Money.FromUnits(12), await SuspenseAsync());
        Assert.Equal(("open", "5.000000000"), (await CaseAsync("H1")) is var open ? (open.State, open.Amount) : default);
        Assert.Equal(("open", "bank-suspense H2: held.account_unknown"), (await CaseAsync("H2")) is var other ? (other.State, other.Subject) : default);
        var back = new ChannelReversalRequest("HR", "H2", "7", "customer", DateTimeOffset.UnixEpoch);
        Assert.Equal("done", (await SendAsync(bank, "reversals", back)).GetProperty("status").GetString());
        Assert.Equal("done", (await SendAsync(bank, "reversals", back)).GetProperty("status").GetString());
        Assert.Equal(Money.FromUnits(5), await SuspenseAsync());
        var assigned = await grid.SendAsync(HttpMethod.Post, "/v1/channels/bank-suspense/held/H1", new AssignHeldRequest("AG-HELD", "the payer named it"));
        Assert.Equal((200, "accepted"), (assigned.Status, assigned.Body.GetProperty("status").GetString()));
        Assert.Equal(Money.Zero, await SuspenseAsync());
        Assert.Equal(("closed", "assigned to AG-HELD"), (await CaseAsync("H1")) is var done ? (done.State, done.Outcome) : default);
        Assert.Equal(("closed", "reversed by HR"), (await CaseAsync("H2")) is var gone ? (gone.State, gone.Outcome) : default);
        Assert.StartsWith("key ", (await CaseAsync("H1")).ClosedBy, StringComparison.Ordinal);
        await grid.BalanceAsync("AG-HELD", "5");
        await grid.AssertAuditAsync();

        async Task<CaseAnswer> CaseAsync(string txn) =>
            (await grid.Admin.GetAsync<CaseHistoryAnswer>($"/v1/cases/{CaseDesk.IdOfChannel(CaseKind.Suspense, "bank-suspense", txn)}")).Case;

        async Task<Money> SuspenseAsync() =>
            new((await grid.Host.Services.GetRequiredService<IGrainFactory>().Account("suspense/bank-suspense").Get())!.BalanceNano);
    }

    /// <summary>The first answer may be lost, so the second must be the same.</summary>
    [Fact]
    public async Task An_agent_may_close_an_id_or_reverse_before_its_payment_and_ask_again()
    {
        await grid.OpenAsync("AG-AGAIN");
        using var terminal = await AgentAsync("again", deposit: "10", commission: "0");
        var reversal = new ChannelReversalRequest("R2", "A2", "1", "timeout", DateTimeOffset.UnixEpoch);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("closed", (await SendAsync(terminal, "payments/A1?close=true", null)).GetProperty("status").GetString());
            Assert.Equal("remembered", (await SendAsync(terminal, "reversals", reversal)).GetProperty("status").GetString());
        }

        await RefusedAsync(terminal, Payment("A1", "AG-AGAIN", "1"), 409, "payment.txn_closed");
        await RefusedAsync(terminal, Payment("A2", "AG-AGAIN", "1"), 409, "payment.txn_closed");
        Assert.Equal("10.000000000", (await FloatAsync("again")).Float);
    }

    /// <summary>It has left the float, and no request could enter it again.</summary>
    [Fact]
    public async Task A_quarantined_transfer_cannot_be_dismissed()
    {
        await grid.OpenAsync("AG-QUAR");
        using var terminal = await AgentAsync("quarantine", deposit: "10", commission: "0");
        var sold = await PostAsync<ChannelPaymentAnswer>(terminal, Payment("Q1", "AG-QUAR", "6"));
        var id = PaymentId.Parse(sold.Payment!)!.Value;
        await SetAsideAsync("insert into quarantined_record (partition, position, record_count, cause) values ($1, $2, 1, 'a test')");
        try
        {
            var (status, body) = await grid.SendAsync(
                HttpMethod.Post, $"/v1/quarantine/{id.Partition}/{id.Position}", new ResolveRequest("dismiss", "looks odd"));
            Assert.Equal((409, "quarantine.transfer"), (status, body.GetProperty("code").GetString()));
        }
        finally
        {
            await SetAsideAsync("delete from quarantined_record where partition = $1 and position = $2");
        }

        async Task SetAsideAsync(string sql)
        {
            await using var command = grid.Database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = id.Partition });
            command.Parameters.Add(new() { Value = id.Position });
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_float_is_no_account_of_the_accounts_api_and_its_tariff_in_no_list()
    {
        using var terminal = await AgentAsync("hidden", deposit: "10", commission: "0");
        using var bank = await BankAsync("bank-hidden");
        Assert.Equal("held", (await PostAsync<ChannelPaymentAnswer>(bank, Payment("H1", "float/agent-hidden", "5"))).Status);
        Assert.Equal("10.000000000", (await FloatAsync("hidden")).Float);
        var tariffs = await grid.Http.GetStringAsync("/v1/tariffs");
        Assert.DoesNotContain("internal:", tariffs, StringComparison.Ordinal);
        var own = await grid.SendAsync(HttpMethod.Post, "/v1/tariffs", GridFixture.Flat() with { Id = "internal:x" });
        Assert.Equal(422, own.Status);
    }

    private DateOnly Today() => PaymentChannelRules.LocalDay(Definition("any", "bank"), grid.Time.GetUtcNow());

    private static PaymentChannelDefinition Definition(string id, string kind) => new()
    {
        Id = id,
        Kind = kind,
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["cash"],
        MaxAmount = "5000",
    };

    private ChannelPaymentRequest Payment(string txn, string account, string amount) =>
        new(txn, account, amount, "CNY", new DateTimeOffset(Today().ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)), Today(), "cash");

    /// <summary>A channel of kind agent with one agent, and a terminal of it.</summary>
    private async Task<HttpClient> AgentAsync(string name, string deposit, string commission, string? channel = null)
    {
        channel ??= $"agents-{name}";
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition(channel, "agent"));
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/agents", new AgentRequest($"agent-{name}", channel));
        Assert.True(status == 201, body.ToString());
        await ChangeAsync(name, new("deposit", deposit, "first"));
        await ChangeAsync(name, new("commission", commission, "contract"));
        return grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("agent", name, Agent: $"agent-{name}"))).Key);
    }

    private async Task<HttpClient> BankAsync(string id)
    {
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition(id, "bank"));
        return grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id))).Key);
    }

    private async Task<string?> ExistsAsync()
    {
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition("agents-other", "agent"));
        return await CodeAsync("/v1/agents", new AgentRequest("agent-terms", "agents-other"));
    }

    private async Task<(string Float, string Available, string Commission)> FloatAsync(string name)
    {
        var agent = await grid.Admin.GetAsync<AgentAnswer>($"/v1/agents/agent-{name}");
        return (agent.Float, agent.Available, agent.CommissionPercent);
    }

    private async Task ChangeAsync(string name, FloatRequest change)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, $"/v1/agents/agent-{name}/float", change);
        Assert.True(status == 200, body.ToString());
    }

    private Task<string?> ChangeCodeAsync(string name, FloatRequest change) => CodeAsync($"/v1/agents/agent-{name}/float", change);

    private async Task<string?> CodeAsync(string path, object body) =>
        (await grid.SendAsync(HttpMethod.Post, path, body)).Body.GetProperty("code").GetString();

    private async Task<T> PostAsync<T>(HttpClient http, object body) => (await SendAsync(http, "payments", body)).Deserialize<T>(JsonSerializerOptions.Web)!;

    private async Task<JsonElement> SendAsync(HttpClient http, string path, object? body)
    {
        var (status, answer) = await grid.SendAsync(body is null ? HttpMethod.Get : HttpMethod.Post, $"/v1/channel/{path}", body, http: http);
        Assert.True(status == 200, $"{path}: {status} {answer}");
        return answer;
    }

    private async Task<JsonElement> RefusedAsync(HttpClient http, object body, int status, string code)
    {
        var answer = await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", body, http: http);
        Assert.Equal((status, code), (answer.Status, answer.Body.GetProperty("code").GetString()));
        return answer.Body;
    }
}
