using AccountGrid.Client;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Cli;

/// <summary>Registers an account and a meter for each meter of a replay that the grid does not know.</summary>
internal sealed class MeterProvision(GridClient client, ReplayOptions options, string gateway, LocalCalendar calendar)
{
    /// <summary>Register of a new meter before its first interval, Wh.</summary>
    public const long StartWh = 1_000_000;

    public static async Task<MeterProvision> BeginAsync(GridClient client, ReplayOptions options, string gateway)
    {
        foreach (var tariff in ExampleTariffs.All.Where(t => t.Id == options.Tariff))
        {
            await client.PostAsync<TariffDefinition>("/v1/tariffs", tariff);
        }

        await client.RegisterAsync("/v1/gateways", new GatewayRequest(gateway));

        // An account's first day is a day of its tariff's zone, and its meter must not be older.
        var tariffs = await client.ListAsync<TariffDefinition>("/v1/tariffs");
        return new MeterProvision(client, options, gateway, LocalCalendar.Find(tariffs.Find(t => t.Id == options.Tariff)?.Zone ?? "UTC")!);
    }

    /// <summary>True if the meter is new. One that is there already stays as it is.</summary>
    public async Task<bool> InstallAsync(MeterPlan meter)
    {
        var from = Instants.ToInstant(meter.FirstMs);
        var account = new OpenAccountRequest(meter.Meter, options.Tariff, OpenedOn: DateOnly.FromDayNumber(calendar.DayOf(from.ToUnixTimeMilliseconds())));
        var starts = MeterPlacing.StartsOf(meter, StartWh);
        var rates = starts.Keys.Where(RegisterCodes.IsRate).ToList();
        var install = new InstallMeterRequest(meter.Meter, gateway, meter.Meter, from,
            starts.TryGetValue(RegisterKind.Import, out var wh) ? wh : rates.Count > 0 ? null : 0, options.CapacityW, 0, meter.StepMs / 1000,
            rates.Count == 0 ? null : [.. Enumerable.Range(0, (int)rates.Max()).Select(i => starts.GetValueOrDefault(RegisterCodes.RateAt(i)))],
            starts.TryGetValue(RegisterKind.Export, out var export) ? export : null);
        await RegisterAsync("/v1/accounts", account, AccountRefusals.Exists);
        return await RegisterAsync("/v1/meters", install, MeterRefusals.Exists);
    }

    private async Task<bool> RegisterAsync(string path, object body, string exists)
    {
        try
        {
            return await client.RegisterAsync(path, body);
        }
        catch (GridException e) when (e.Code == exists)
        {
            return false;
        }
    }
}
