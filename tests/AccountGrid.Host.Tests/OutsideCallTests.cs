using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AccountGrid.Host.Tests;

/// <summary>What a program gets that comes by Orleans' ports instead of by the API.</summary>
public sealed class OutsideCallTests(ClientGrid town, GridFixture grid) : IClassFixture<ClientGrid>
{
    [Fact]
    public void A_grid_opens_no_port_for_Orleans_clients_unless_it_is_asked_to()
    {
        Assert.Equal(0, grid.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort);
        Assert.Null(grid.Host.Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress);
    }

    [Fact]
    public async Task A_grid_without_certificates_of_its_own_speaks_TLS_between_silos_and_hangs_up_on_others()
    {
        var port = grid.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.SiloPort;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(new byte[64]);
        var answer = new byte[64];
        var read = await client.GetStream().ReadAsync(answer);

        // An alert of TLS is record type 21.
        Assert.True(read == 0 || answer[0] == 21);

        using var own = ClientGrid.SelfSigned("silo");
        Assert.False(await ClientGrid.IsLetInAsync(port, own));
        Assert.True(await ClientGrid.IsLetInAsync(port, SiloCertificates.Issue(grid.Host.Services.GetRequiredService<GridSecret>(), TimeProvider.System).Own));
        Assert.False(await ClientGrid.IsLetInAsync(port, SiloCertificates.Issue(new GridSecret(new byte[32]), TimeProvider.System).Own));
    }

    [Fact]
    public async Task A_client_with_a_certificate_and_no_key_can_call_nothing()
    {
        var thief = new ApiKeyRecord(KeyRole.Administrator, "thief", SHA256.HashData(new byte[32]), 0, 0, Revoked: false);
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Create(thief));
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Find());
        await RefusedAsync(() => town.Grains.GetGrain<IAccountGrain>("OUT-1").Get());
        await RefusedAsync(() => town.Grains.GetGrain<IPartitionGrain>(0).Balances([1]));
        await RefusedAsync(() => town.Grains.GetGrain<IManagementGrain>(0).GetHosts());
        await using var database = town.Database.CreateCommand("select count(*)::int from orleansstorage where graintypestring = 'key' and grainidn1 = 1");
        Assert.Equal(0, (int)(await database.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task A_silos_port_takes_no_clients_certificate()
    {
        var options = town.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.True(await ClientGrid.IsLetInAsync(options.GatewayPort, town.Certificate));
        Assert.False(await ClientGrid.IsLetInAsync(options.SiloPort, town.Certificate));
    }

    [Fact]
    public async Task A_key_may_do_by_a_call_what_it_may_do_at_the_API_and_payments_are_recorded()
    {
        var client = await town.KeyAsync("client");
        Show(client);
        var account = town.Grains.GetGrain<IAccountGrain>("OUT-1");
        Assert.NotNull(await account.Get());
        var outcome = await account.Pay(new PaymentOrder(5m, "bank"), "out");
        Assert.True(outcome.Accepted, outcome.Detail);
        Assert.Equal(5m, outcome.Amount);
        Assert.Equal($"key {client.Split('_')[1]}",
            (string)(await ScalarAsync("select person from audit_trail where account = 'OUT-1' and method = 'CALL' order by sequence desc limit 1"))!);
        await RefusedAsync(() => account.Adjust(new AdjustmentOrder(900m, "mine"), "a"));
        await RefusedAsync(() => account.Refund(new RefundOrder(1m), "a"));
        await RefusedAsync(() => account.PlaceHold(new HoldOrder("Dispute", "mine"), "a"));
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Find());
        await RefusedAsync(() => town.Grains.GetGrain<IPartitionGrain>(0).Balances([1]));
        Show(await town.KeyAsync("gateway"));
        await RefusedAsync(() => account.Get());
        Show("agk_0000000000000000_" + new string('0', 64));
        await RefusedAsync(() => account.Get());
    }

    /// <summary>A stream of changes is asked for its key at each step, also while nothing changes.</summary>
    [Fact]
    public async Task A_stream_of_an_Orleans_client_ends_after_its_key_is_revoked()
    {
        var key = await town.KeyAsync("client");
        Show(key);
        var changes = town.Grains.GetGrain<IAccountGrain>("OUT-1").Changes(default).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());

        // A second step, after a change: what is refused below is the key and not the step.
        Assert.True((await town.Grains.GetGrain<IAccountGrain>("OUT-1").Pay(new PaymentOrder(1m, "bank"), "stream")).Accepted);
        Assert.True(await changes.MoveNextAsync());
        using var http = new HttpClient { BaseAddress = new Uri(town.Host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", town.Host.AdministratorKey);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"/v1/keys/{key.Split('_')[1]}")).StatusCode);
        var revoked = TimeProvider.System.GetTimestamp();
        var refused = await RefusedAsync(async () =>
        {
            while (await changes.MoveNextAsync())
            {
            }
        });
        Assert.StartsWith("A valid key is needed", refused.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(revoked), TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_command_for_another_account_or_meter_is_refused_by_the_grain_that_it_is_given_to()
    {
        await grid.OpenAsync("GRN-1");
        await grid.OpenAsync("GRN-2");
        var grains = grid.Host.Services.GetRequiredService<IGrainFactory>();
        await using var find = grid.Database.CreateCommand("select number from account where id = 'GRN-2'");
        var other = (int)(await find.ExecuteScalarAsync())!;
        var (account, meter) = (grains.GetGrain<IAccountLogGrain>("GRN-1"), grains.GetGrain<IMeterLogGrain>("GRN-1"));
        Assert.Equal("command.not_of_account", (await account.Execute(new TakePayment(other, new(1_000), "bank", null).ToBytes(), "p", new byte[32])).Code);
        Assert.Equal("command.not_of_account", (await account.Execute(new Check(0, [other]).ToBytes(), "c", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new ReleaseMeter(987_654, other, 0, 0, null).ToBytes(), "r", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new TakePayment(other, new(1_000), "bank", null).ToBytes(), "p", new byte[32])).Code);
        await grid.BalanceAsync("GRN-2", "0.000000000");
    }

    [Fact]
    public async Task What_the_grids_own_processes_ask_is_not_for_a_client_with_whichever_key()
    {
        Show(town.Host.AdministratorKey);
        var account = town.Grains.GetGrain<IAccountLogGrain>("OUT-1");
        await RefusedAsync(() => account.Execute(new TakePayment(1, new(5_000_000_000), "bank", null).ToBytes(), "confirm:1:2", new byte[32]));
        await RefusedAsync(() => town.Grains.GetGrain<IMeterLogGrain>("OUT-1").Execute([1], "k", new byte[32]));
    }

    [Fact]
    public async Task An_order_by_a_call_is_checked_as_by_the_API_and_under_one_key_it_is_one_payment()
    {
        var key = await town.KeyAsync("client");
        Show(key);
        var account = town.Grains.GetGrain<IAccountGrain>("OUT-2");
        Assert.Equal("account.unknown", (await town.Grains.GetGrain<IAccountGrain>("OUT-9").Pay(new PaymentOrder(1m, "bank"), "k")).Code);
        Assert.Equal("amount.invalid", (await account.Pay(new PaymentOrder(0.0000000001m, "bank"), "k")).Code);
        Assert.Equal("idempotency.key_missing", (await account.Pay(new PaymentOrder(1m, "bank"), "")).Code);
        using var http = new HttpClient { BaseAddress = new Uri(town.Host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var client = new AccountGrid.Client.AccountGridClient(http);
        var receipt = await client.PayAsync("OUT-2", new AccountGrid.Client.Payment(7m, "bank", "r"), "both");
        var outcome = await account.Pay(new PaymentOrder(7m, "bank", "r"), "both");
        Assert.Equal((receipt.Id, 7m, true), (outcome.Id, outcome.Amount, outcome.Replayed));
        Assert.Equal("idempotency.key_reused", (await account.Pay(new PaymentOrder(8m, "bank", "r"), "both")).Code);
        Assert.Equal(7m, (await client.GetBalanceAsync("OUT-2")).Amount);
        var announced = await account.AnnouncePayment(new AnnouncementOrder("r2", TimeProvider.System.GetUtcNow().AddHours(1)), "an");
        Assert.Equal("customer.no_policy", announced.Code);
    }

    [Fact]
    public async Task Orders_of_administrators_have_the_APIs_outcomes_and_wait_for_a_second_person()
    {
        Show(town.Host.AdministratorKey);
        var account = town.Grains.GetGrain<IAccountGrain>("OUT-3");
        var paid = await account.Pay(new PaymentOrder(30m, "bank"), "p");
        var adjusted = await account.Adjust(new AdjustmentOrder(-2m, "wrong"), "a");
        Assert.Equal((true, -2m, 28m), (adjusted.Accepted, adjusted.Amount, adjusted.Balance));
        Assert.Equal(-1m, (await account.Refund(new RefundOrder(1m, "asked for"), "r")).Amount);
        Assert.Equal("payment.id_invalid", (await account.Reverse(new ReversalOrder("x"), "v")).Code);
        Assert.Equal(-30m, (await account.Reverse(new ReversalOrder(paid.Id!), "v")).Amount);
        Assert.Equal("hold.kind_invalid", (await account.PlaceHold(new HoldOrder("Nonsense", "why"), "h")).Code);
        Assert.Null((await account.ChangeTariff(new TariffOrder("flat", new DateOnly(2027, 1, 1)), "t")).Detail);
        var large = await account.Adjust(new AdjustmentOrder(900_000m, "much"), "l");
        Assert.Equal("approval.needed", large.Code);
        Assert.Equal(large.Approval, (await account.Adjust(new AdjustmentOrder(900_000m, "much"), "l")).Approval);
        Assert.Equal(1L, await ScalarAsync($"select count(*) from approval where id = '{large.Approval}' and account = 'OUT-3' and kind = 'adjustment'"));
    }

    [Fact]
    public async Task Many_accounts_are_asked_for_page_by_page_within_the_scope_of_the_key()
    {
        Show(await town.KeyAsync("client"));
        var queries = town.Grains.GetGrain<IGridQueries>(0);
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await queries.Accounts(new AccountsQuery(), cursor, 1);
            Assert.Null(page.Code);
            Assert.True(page.Accounts.Count <= 1);
            all.AddRange(page.Accounts.Select(a => a.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Contains("OUT-1", all);
        Assert.Equal(all.Count, all.Distinct().Count());
        var balances = await queries.Balances(["OUT-1", "OUT-NONE"]);
        Assert.Equal(["OUT-NONE"], balances.Unknown);
        Assert.Equal("OUT-1", Assert.Single(balances.Balances).Account);
        Assert.Equal("batch.too_many_items", (await queries.Balances(new string[2_001])).Code);
        Assert.Equal("request.invalid", (await queries.Accounts(new AccountsQuery(), "nonsense", 10)).Code);
        Assert.Equal("request.invalid", (await queries.Accounts(new AccountsQuery(), null, 501)).Code);
        Show(await town.KeyAsync("collector", area: "nobodys"));
        Assert.Empty((await queries.Accounts(new AccountsQuery(), null, 10)).Accounts);
        Assert.Equal("area.not_own", (await queries.Accounts(new AccountsQuery(Area: "north"), null, 10)).Code);
        await RefusedAsync(() => queries.Balances(["OUT-1"]));
        Show(await town.KeyAsync("gateway"));
        await RefusedAsync(() => queries.Accounts(new AccountsQuery(), null, 10));
        RequestContext.Clear();
        await RefusedAsync(() => queries.Accounts(new AccountsQuery(), null, 10));
    }

    /// <summary>One table of roles: what a call needs is what the endpoint needs that does the same.</summary>
    [Fact]
    public void A_call_needs_what_the_endpoint_of_the_same_operation_needs()
    {
        var endpoints = new Dictionary<string, string>
        {
            ["Get"] = "GET /v1/accounts/{id}",
            ["GetAfter"] = "GET /v1/accounts/{id}/balance",
            ["Changes"] = "GET /v1/accounts/{id}/stream",
            ["Pay"] = "POST /v1/accounts/{id}/payments",
            ["AnnouncePayment"] = "POST /v1/accounts/{id}/announcements",
            ["Reverse"] = "POST /v1/accounts/{id}/reversals",
            ["Refund"] = "POST /v1/accounts/{id}/refunds",
            ["Adjust"] = "POST /v1/accounts/{id}/adjustments",
            ["PlaceHold"] = "POST /v1/accounts/{id}/holds",
            ["LiftHold"] = "DELETE /v1/accounts/{id}/holds/{kind}",
            ["ChangeTariff"] = "POST /v1/accounts/{id}/tariff",
        };
        Assert.Equal(typeof(IAccountGrain).GetMethods().Select(m => m.Name).Order(), CallGuard.AccountPolicies.Keys.Order());
        Assert.Equal(typeof(IMeterGrain).GetMethods().Select(m => m.Name).Order(), CallGuard.MeterPolicies.Keys.Order());
        var policies = grid.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.OfType<HttpMethodMetadata>().SelectMany(m => m.HttpMethods)
                .Select(m => (Name: $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}",
                    Policy: e.Metadata.OfType<AuthorizeAttribute>().FirstOrDefault()?.Policy)))
            .ToLookup(e => e.Name, e => e.Policy);
        Assert.Equal(typeof(IGridQueries).GetMethods().Select(m => m.Name).Order(), CallGuard.QueryPolicies.Keys.Order());
        Assert.Equal(CallGuard.QueryPolicies["Balances"], Assert.Single(policies["POST /v1/accounts/balances"]));
        Assert.Equal(CallGuard.QueryPolicies["Accounts"], Assert.Single(policies["GET /v1/accounts"]));
        Assert.All(CallGuard.AccountPolicies, p => Assert.Equal(p.Value, Assert.Single(policies[endpoints[p.Key]])));
    }

    private static void Show(string key) => RequestContext.Set(CallGuard.KeyName, key);

    private static Task<UnauthorizedAccessException> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<UnauthorizedAccessException>(call);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = town.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
