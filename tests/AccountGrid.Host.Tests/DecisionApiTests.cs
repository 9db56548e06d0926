using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>
/// Exceptions are decided by people: one, and many by query, first as a dry run; safe to repeat, told of by explain and checked by the audit.
/// </summary>
public sealed class DecisionApiTests(GridFixture grid)
{
    private const string At = "2026-03-01T01:00:00+08:00";

    [Fact]
    public async Task A_spike_is_accepted_once_it_was_seen_what_that_charges()
    {
        await SpikeAsync("DEC1", 50_000);
        var asked = new DecideReadingRequest("DEC1", Instant(At), "accept", "The pump was on", "reading.spike", DryRun: true);
        var (status, would) = await DecideAsync("DEC1", asked);
        Assert.Equal((200, "25.000000000", 50_000, -50_000, true), (status, Text(would, "amount"), Number(would, "chargedWh"), Number(would, "heldWh"),
            would.GetProperty("dryRun").GetBoolean()));
        Assert.Equal((400, "idempotency.key_missing"), await CodeAsync("DEC1", asked with { DryRun = false }));
        await grid.BalanceAsync("DEC1", "-0.500000000");
        var (done, did) = await DecideAsync("DEC1", asked with { DryRun = false }, "k1");
        Assert.Equal((200, "25.000000000"), (done, Text(did, "amount")));
        await grid.BalanceAsync("DEC1", "-25.500000000");
        await ExceptionsAsync("DEC1", 0);
        Assert.Equal((200, "25.000000000"), await AmountAsync("DEC1", asked with { DryRun = false }, "k1"));
        Assert.Equal((409, "decision.changed"), await CodeAsync("DEC1", asked with { DryRun = false, Decision = "dismiss" }, "k2"));
        await grid.BalanceAsync("DEC1", "-25.500000000");
        var explained = await grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/DEC1/explain");
        var decision = Assert.Single(explained.Decisions);
        Assert.Equal(("DEC1", "reading.spike", "accept", "The pump was on", 50_000L), (decision.Meter, decision.Code, decision.Decision, decision.Reason,
            decision.ChargedWh));
        Assert.True(explained.Agrees);
        Assert.Equal("accept", explained.Days.SelectMany(d => d.Readings).Single(r => r.RegisterWh == 50_000).Decision);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Many_are_decided_by_query_and_one_that_fails_fails_alone()
    {
        foreach (var (id, wh) in new[] { ("DECQ1", 50_000), ("DECQ2", 60_000), ("DECQ3", 70_000) })
        {
            await SpikeAsync(id, wh);
        }

        foreach (var id in new[] { "DECQ1", "DECQ2", "DECQ3" })
        {
            var dry = await AllAsync(new DecideExceptionsRequest("reading.spike", "accept", "seen", Account: id, DryRun: true));
            Assert.Equal((1, 0), (dry.Decided, dry.Refused));
        }

        var wrong = await AllAsync(new DecideExceptionsRequest("reading.spike", "estimate", "seen", Meter: "DECQ3", Method: "sameWeekdays", DryRun: true));
        Assert.Equal("decision.no_estimate", Assert.Single(wrong.Data).Error?.Code);
        var first = await AllAsync(new DecideExceptionsRequest("reading.spike", "accept", "seen", Meter: "DECQ1"), "q1");
        Assert.Equal(("25.000000000", 50_000L), (first.Data[0].Amount, first.Data[0].ChargedWh));
        await grid.BalanceAsync("DECQ1", "-25.500000000");
        await grid.BalanceAsync("DECQ2", "-0.500000000");
        var again = await AllAsync(new DecideExceptionsRequest("reading.spike", "accept", "seen", Meter: "DECQ1"), "q1");
        Assert.Equal(0, again.Refused);
        await grid.BalanceAsync("DECQ1", "-25.500000000");
        await grid.PushAsync(("DECQ2", "2026-03-01T00:30:00+08:00", 500));
        await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<ExceptionAnswer>>("/v1/exceptions?meter=DECQ2"),
            p => p.Data.Count == 1 && p.Data[0].HeldWh == 59_500, "The reading before the spike");
        var estimated = await AllAsync(new DecideExceptionsRequest("reading.spike", "estimate", "seen", Meter: "DECQ2", Method: "interpolated"), "q2");
        Assert.Equal((1, 20_666L), (estimated.Decided, Assert.Single(estimated.Data).ValueWh));
        await ExceptionsAsync("DECQ1", 0);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_decision_beyond_what_one_person_may_move_waits_for_a_second()
    {
        await SpikeAsync("DECA", 3_000_000);
        var asked = new DecideReadingRequest("DECA", Instant(At), "accept", "Seen on site", "reading.spike");
        var (status, waits) = await DecideAsync("DECA", asked, "a1");
        Assert.Equal(202, status);
        Assert.Equal("1500.000000000", waits.GetProperty("body").GetProperty("asked").GetProperty("amount").GetString());
        await grid.BalanceAsync("DECA", "-0.500000000");
        using var other = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("administrator", "decider"))).Key);
        var (agreed, _) = await grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{waits.GetProperty("approval").GetString()}",
            new ApprovalDecision(true, waits.GetProperty("hash").GetString()!), http: other);
        Assert.Equal(200, agreed);
        await grid.BalanceAsync("DECA", "-1500.500000000");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task What_cannot_be_decided_is_refused_by_field_and_code()
    {
        await SpikeAsync("DECR", 50_000);
        var asked = new DecideReadingRequest("DECR", Instant(At), "accept", "seen", "reading.spike", DryRun: true);
        Assert.Equal((422, "decision.invalid"), await CodeAsync("DECR", asked with { Decision = "confirm" }));
        Assert.Equal((422, "decision.invalid"), await CodeAsync("DECR", asked with { Reason = " " }));
        Assert.Equal((422, "decision.invalid"), await CodeAsync("DECR", asked with { Code = "reading.none" }));
        Assert.Equal((422, "decision.invalid"), await CodeAsync("DECR", asked with { Decision = "edit" }));
        Assert.Equal((422, "decision.not_of_code"), await CodeAsync("DECR", asked with { Decision = "setBack" }));
        Assert.Equal((404, "meter.unknown"), await CodeAsync("DECR", asked with { Meter = "NONE" }));
        Assert.Equal((404, "account.unknown"), await CodeAsync("NONE", asked));
        Assert.Equal((409, "decision.changed"), await CodeAsync("DECR", asked with { At = asked.At.AddHours(1) }));
        Assert.Equal((422, "decision.no_reading"), await CodeAsync("DECR", asked with { At = asked.At.AddHours(9), Code = null, Decision = "dismiss" }));
        var (status, refused) = await grid.SendAsync(HttpMethod.Post, "/v1/exceptions/decisions",
            new DecideExceptionsRequest("reading.spike", "edit", "seen", DryRun: true));
        Assert.Equal((422, "decision.invalid"), (status, Text(refused, "code")));
    }

    private async Task SpikeAsync(string id, long wh)
    {
        await grid.OpenAsync(id, capacityW: 10_000);
        await grid.PushAsync((id, At, wh), (id, "2026-03-01T02:00:00+08:00", wh + 1_000));
        await ExceptionsAsync(id, 1);
    }

    private Task<Page<ExceptionAnswer>> ExceptionsAsync(string account, int count) => Eventually.GetAsync(
        () => grid.Admin.GetAsync<Page<ExceptionAnswer>>($"/v1/exceptions?account={account}"), p => p.Data.Count == count, $"{count} exceptions of {account}");

    private Task<(int Status, JsonElement Body)> DecideAsync(string account, DecideReadingRequest body, string? key = null) =>
        grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/reading-decisions", body, key);

    private async Task<(int Status, string? Code)> CodeAsync(string account, DecideReadingRequest body, string? key = null)
    {
        var (status, answer) = await DecideAsync(account, body, key);
        return (status, Text(answer, "code"));
    }

    private async Task<(int Status, string? Amount)> AmountAsync(string account, DecideReadingRequest body, string? key)
    {
        var (status, answer) = await DecideAsync(account, body, key);
        return (status, Text(answer, "amount"));
    }

    private async Task<DecidedExceptionsAnswer> AllAsync(DecideExceptionsRequest body, string? key = null)
    {
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/exceptions/decisions", body, key);
        Assert.Equal(200, status);
        return answer.Deserialize<DecidedExceptionsAnswer>(JsonSerializerOptions.Web)!;
    }

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement body, string name) => body.GetProperty(name).GetInt64();

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
