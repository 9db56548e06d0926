using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Targets;

/// <summary>Registers a fleet with a grid: its tariff, gateways, accounts and meters. Again changes nothing, but that each gateway has one more key.</summary>
public static class Provisioning
{
    /// <summary>Accounts with their meter in one request.</summary>
    private const int LinesAtOnce = 5_000;

    private const int RequestsAtOnce = 4;

    /// <param name="levelOf">Low-balance level of a meter's account; null is none.</param>
    /// <returns>A key of its own for each gateway.</returns>
    public static async Task<IReadOnlyList<string>> RegisterAsync(MeterFleet fleet, IReadOnlyList<string> urls, string key, Func<int, string?> levelOf,
        Action<int>? progress)
    {
        using var client = new GridClient(urls[0], key);
        await client.RegisterAsync("/v1/tariffs", fleet.Options.Tariff.Definition());
        var keys = new string[fleet.Gateways];
        await Parallel.ForEachAsync(Enumerable.Range(0, fleet.Gateways), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (g, _) =>
            keys[g] = (await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "load tester", fleet.GatewayId(g)))).Key);
        var installed = DateTimeOffset.FromUnixTimeMilliseconds(fleet.Options.StartMs);
        var opened = DateOnly.FromDateTime(installed.ToOffset(TimeSpan.FromHours(8)).DateTime);
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, fleet.Options.Meters).Chunk(LinesAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce }, async (meters, _) =>
        {
            var answer = await client.RegisterManyAsync(meters.Select(m => Line(fleet, m, levelOf(m), installed, opened)));
            if (answer.Errors.Count > 0)
            {
                throw new InvalidOperationException($"Registration was refused: {answer.Errors[0].Code}: {answer.Errors[0].Detail}");
            }

            progress?.Invoke(Interlocked.Add(ref done, meters.Length));
        });
        return keys;
    }

    private static RegistrationLine Line(MeterFleet fleet, int meter, string? level, DateTimeOffset installed, DateOnly opened)
    {
        var customerClass = LoadCurve.ClassOf(fleet.Options.First + meter);
        var account =
            new OpenAccountRequest(fleet.AccountId(meter), fleet.Options.Tariff.Id, OpenedOn: opened, LowBalanceLevels: level is null ? null : [level]);
        return new RegistrationLine(account, new InstallMeterRequest(
            fleet.MeterId(meter), fleet.GatewayId(meter / fleet.Options.PerGateway), account.Id, installed, MeterFleet.StartWh,
            LoadCurve.CapacityW[customerClass], 0, fleet.Options.IntervalMs / 1000));
    }
}
