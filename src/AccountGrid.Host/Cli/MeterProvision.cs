using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
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
        var tariffs = await client.GetAsync<List<TariffDefinition>>("/v1/tariffs");
        return new MeterProvision(client, options, gateway, LocalCalendar.Find(tariffs.Find(t => t.Id == options.Tariff)?.Zone ?? "UTC")!);
    }

    /// <summary>True if the meter is new. One that is there already stays as it is.</summary>
    public async Task<bool> InstallAsync(IntervalPlan meter)
    {
        var from = Instants.ToInstant(RegisterStart.FirstStartMs(meter));
        var account = new OpenAccountRequest(meter.Meter, options.Tariff, OpenedOn: DateOnly.FromDayNumber(calendar.DayOf(from.ToUnixTimeMilliseconds())));
        var install = new InstallMeterRequest(meter.Meter, gateway, meter.Meter, from, StartWh, options.CapacityW, 0, meter.StepMs / 1000);
        await RegisterAsync("/v1/accounts", account, AccountRefusals.Exists);
        return await RegisterAsync("/v1/meters", install, MeterRefusals.Exists);
    }

    private async Task<bool> RegisterAsync(string path, object body, string exists)
    {
        try
        {
            return await client.RegisterAsync(path, body);
        }
        catch (GridClientException e) when (e.Code == exists)
        {
            return false;
        }
    }
}
