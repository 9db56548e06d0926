using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>What the trail holds, whatever becomes of the caller.</summary>
public sealed class AuditTrailTests(GridFixture grid)
{
    private const int Resets = 20;

    [Fact]
    public async Task A_change_whose_callers_connection_was_reset_has_its_row()
    {
        await grid.OpenAsync("GONE");
        for (var i = 0; i < Resets; i++)
        {
            await SendAndResetAsync("/v1/accounts/GONE/adjustments", $"gone-{i}", "{\"amount\":\"1\",\"reason\":\"x\"}", TimeSpan.FromMilliseconds(i % 10));
        }

        // The last one is answered, so those before it are decided.
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/GONE/adjustments", new AdjustmentRequest("1", "x"), "gone-last")).Status);
        var applied =
            await CountAsync("select count(*)::int from entry e join account a on a.number = e.account where a.id = 'GONE' and e.kind = 'adjustment'");
        var begun = await Eventually.GetAsync(
            () => CountAsync("select count(*)::int from log_key k join account a on k.key like 'adjustment:' || a.number || ':%' where a.id = 'GONE'"),
            n => n > 0, "Adjustments in the log");
        var rows = await CountAsync("select count(*)::int from audit_trail where account = 'GONE' and path like '%/adjustments'");
        Assert.InRange(applied, 0, begun);
        Assert.InRange(begun, 1, rows);
    }

    [Fact]
    public async Task What_was_asked_is_kept_under_a_keyed_hash_that_nobody_can_try_numbers_against()
    {
        await grid.OpenAsync("KEYED");
        const string Body = "{\"language\":\"en\",\"channels\":[{\"channel\":\"sms\",\"to\":\"13812345678\"}]}";
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/KEYED/contact", new StringContent(Body, Encoding.UTF8, "application/json"))).Status);
        var row = (await grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/KEYED/audit"))[0];
        Assert.NotEqual(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body))), row.BodyHash);
        Assert.NotEqual(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("\n" + Body))), row.BodyHash);

        // The same body has the same hash, so that what somebody holds can be compared by the grid; a query counts too, and its text is not kept.
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/KEYED/contact", new StringContent(Body, Encoding.UTF8, "application/json"))).Status);
        Assert.Equal(row.BodyHash, (await grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/KEYED/audit"))[0].BodyHash);
        await grid.SendAsync(HttpMethod.Delete, "/v1/accounts/KEYED/holds/manual?reason=13812345678");
        var lifted = (await grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/KEYED/audit"))[0];
        Assert.Equal("/v1/accounts/KEYED/holds/manual", lifted.Path);
    }

    [Fact]
    public async Task Readings_that_a_person_pushes_are_recorded_and_a_gateways_are_not()
    {
        await grid.OpenAsync("BYHAND");
        using var gateway = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "g", "G1"))).Key);
        var before = await CountAsync("select count(*)::int from audit_trail where path = '/v1/readings'");
        using var pushed = await gateway.PostAsync("/v1/readings", Reading(1_000, 1));
        Assert.Equal(HttpStatusCode.OK, pushed.StatusCode);
        Assert.Equal(before, await CountAsync("select count(*)::int from audit_trail where path = '/v1/readings'"));
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/readings", Reading(2_000, 2))).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, "/v1/gateways/G1/commands")).Status);
        Assert.True(await CountAsync("select count(*)::int from audit_trail where path = '/v1/readings' and role = 'Administrator'") > before);
        Assert.True(await CountAsync("select count(*)::int from audit_trail where path = '/v1/gateways/G1/commands' and role = 'Administrator'") > 0);
        await grid.BalanceAsync("BYHAND", "-1.000000000");
    }

    private static StringContent Reading(long wh, int hour) =>
        new($"{{\"meter\":\"BYHAND\",\"ts\":\"2026-03-01T0{hour}:00:00+08:00\",\"value\":{wh}}}\n", Encoding.UTF8, "application/x-ndjson");

    private async Task SendAndResetAsync(string path, string key, string body, TimeSpan after)
    {
        var url = new Uri(grid.Host.Url);
        using var socket =
            new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(url.Host, url.Port);
        var length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        var request =
            $"POST {path} HTTP/1.1\r\nHost: grid\r\nAuthorization: Bearer {grid.Host.AdministratorKey}\r\nIdempotency-Key: {key}\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {length}\r\n\r\n{body}";
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        using var pause = new PeriodicTimer(after > TimeSpan.Zero ? after : TimeSpan.FromMilliseconds(1));
        await pause.WaitForNextTickAsync();
    }

    private async Task<int> CountAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
