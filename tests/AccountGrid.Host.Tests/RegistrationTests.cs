using System.Net.Http.Headers;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests;

/// <summary>Registration by the thousand, and balances of many accounts.</summary>
public sealed class RegistrationTests(GridFixture grid)
{
    private const string From = "2026-03-01T00:00:00+08:00";

    [Fact]
    public async Task Accounts_with_their_meters_are_registered_at_once_and_a_second_time_changes_nothing()
    {
        var lines = Enumerable.Range(1, 300).Select(i => new RegistrationLine(
            new OpenAccountRequest($"BULK{i}", "flat", OpenedOn: new DateOnly(2026, 3, 1)),
            new InstallMeterRequest($"BULK{i}", "G1", $"BULK{i}", DateTimeOffset.Parse(From, System.Globalization.CultureInfo.InvariantCulture), i))).ToList();
        var first = await grid.Admin.RegisterManyAsync(lines);
        Assert.Equal((600, 0, 0), (first.Created, first.Unchanged, first.Rejected));
        var second = await grid.Admin.RegisterManyAsync(lines);
        Assert.Equal((0, 600, 0), (second.Created, second.Unchanged, second.Rejected));
        await grid.PushAsync([.. Enumerable.Range(1, 300).Select(i => ($"BULK{i}", "2026-03-01T01:00:00+08:00", i + 1_000L))]);
        await grid.BalanceAsync("BULK300", "-0.500000000");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_bad_line_is_named_and_spoils_no_other()
    {
        const string Body = """
            {"account":{"id":"BAD1","tariff":"flat"},"meter":{"id":"BAD1","gateway":"G1","account":"BAD1"}}
            {"account":{"id":"BAD2","tariff":"none"}}
            not json
            {"meter":{"id":"BAD3","gateway":"nowhere","account":"BAD1"}}
            {"meter":{"id":"BAD4","gateway":"G1","account":"nobody"}}
            {}
            {"meter":{"id":"BAD1","gateway":"G1","account":"BAD1","registerWh":7}}
            {"meter":{"id":"BAD5","gateway":"G1","registerKwh":7}}
            {"meter":{"id":"BAD6","gateway":"G1","id":"BAD7"}}
            {"meter":{"id":"BAD8","gateway":"G1","installedAt":"2026-03-01T00:00:00"}}
            """;
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        var (status, answer) = await grid.SendAsync(HttpMethod.Post, "/v1/registrations", content);
        Assert.Equal((200, 2, 9), (status, answer.GetProperty("created").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.Equal(
            ["2 tariff.unknown", "3 request.json_invalid", "4 gateway.unknown", "5 account.unknown", "6 registration.empty", "7 meter.exists",
                "8 request.member_unknown", "9 request.member_duplicate", "10 request.value_invalid"],
            answer.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("line").GetInt32()} {e.GetProperty("code").GetString()}"));
    }

    [Fact]
    public async Task Balances_of_many_accounts_are_answered_at_once_and_unknown_ones_named()
    {
        await grid.OpenAsync("LIST1");
        await grid.OpenAsync("LIST2");
        await grid.PushAsync(("LIST1", "2026-03-01T01:00:00+08:00", 2_000));
        await grid.BalanceAsync("LIST1", "-1.000000000");
        var answer = await grid.Admin.PostAsync<BalancesAnswer>("/v1/accounts/balances", new BalancesRequest(["LIST1", "LIST2", "LIST3"]));
        Assert.Equal(["LIST3"], answer.Unknown);
        Assert.Equal([("LIST1", "-1.000000000", 2_000L), ("LIST2", "0.000000000", 0L)],
            answer.Data.OrderBy(b => b.Account, StringComparer.Ordinal).Select(b => (b.Account, b.Amount, b.ChargedWh)));
        Assert.Equal(413, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/balances", new BalancesRequest([.. Enumerable.Repeat("x", 2_001)]))).Status);
    }
}
