using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Security;
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
        var number = (int)(await ScalarAsync("select number from account where id = 'OUT-1'"))!;
        var outcome = await account.Execute(new TakePayment(number, 5_000_000_000, "bank", null).ToBytes(), $"payment:{number}:out", new byte[32]);
        Assert.True(outcome.Accepted);
        Assert.Equal($"key {client.Split('_')[1]}",
            (string)(await ScalarAsync("select person from audit_trail where account = 'OUT-1' and method = 'CALL' order by sequence desc limit 1"))!);
        await RefusedAsync(() => account.Execute(new AdjustBalance(number, 900_000_000_000, "mine").ToBytes(), "a", new byte[32]));
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
        var number = (int)(await ScalarAsync("select number from account where id = 'OUT-1'"))!;
        Assert.True(
            (await town.Grains.GetGrain<IAccountGrain>("OUT-1")
                .Execute(new TakePayment(number, 1_000_000_000, "bank", null).ToBytes(), $"payment:{number}:stream", new byte[32])).Accepted);
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
        var (account, meter) = (grains.GetGrain<IAccountGrain>("GRN-1"), grains.GetGrain<IMeterGrain>("GRN-1"));
        Assert.Equal("command.not_of_account", (await account.Execute(new TakePayment(other, 1_000, "bank", null).ToBytes(), "p", new byte[32])).Code);
        Assert.Equal("command.not_of_account", (await account.Execute(new Check(0, [other]).ToBytes(), "c", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new ReleaseMeter(987_654, other, 0, 0, null).ToBytes(), "r", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new TakePayment(other, 1_000, "bank", null).ToBytes(), "p", new byte[32])).Code);
        await grid.BalanceAsync("GRN-2", "0.000000000");
    }

    private static void Show(string key) => RequestContext.Set(CallGuard.KeyName, key);

    private static Task<UnauthorizedAccessException> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<UnauthorizedAccessException>(call);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = town.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
