using System.Globalization;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests;

/// <summary>A database that is slow with what registrations bring about.</summary>
public sealed class RegistrationLagTests : IAsyncLifetime
{
    /// <summary>Effects and states are written once the test is over.</summary>
    private readonly GridFixture _grid = new() { EffectsPeriodMs = 60_000, More = ["--Grid:StatePeriodSeconds=3600", "--Grid:RegistrationLagMax=5"] };

    public ValueTask InitializeAsync() => _grid.InitializeAsync();

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task Bulk_registrations_wait_for_their_effects_with_nothing_registered_and_readings_do_not()
    {
        var (status, _) = await RegisterAsync("FIRST", 200);
        Assert.Equal(200, status);
        var (refused, problem) = await RegisterAsync("SECOND", 1);
        Assert.Equal((429, "grid.busy"), (refused, problem.GetProperty("code").GetString()));
        Assert.Contains("bulk registrations wait from 5 on", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await _grid.SendAsync(HttpMethod.Get, "/v1/accounts/SECOND0/balance")).Status);
        Assert.Equal(1, (await _grid.PushAsync(("FIRST0", "2026-03-01T01:00:00+08:00", 1_000))).Accepted);
        await _grid.BalanceAsync("FIRST0", "-0.500000000");
    }

    private Task<(int Status, JsonElement Body)> RegisterAsync(string name, int count)
    {
        var from = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture);
        var lines = Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(
            new RegistrationLine(new OpenAccountRequest($"{name}{i}", "flat", OpenedOn: new DateOnly(2026, 3, 1)),
                new InstallMeterRequest($"{name}{i}", "G1", $"{name}{i}", from)), JsonSerializerOptions.Web));
        return _grid.SendAsync(HttpMethod.Post, "/v1/registrations",
            new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines))) { Headers = { ContentType = new("application/x-ndjson") } });
    }
}
