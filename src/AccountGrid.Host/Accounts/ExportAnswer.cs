using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>What an account delivered to the grid in a period, and what became of it. Money as decimal strings.</summary>
/// <param name="ExportedWh">By rate of the tariff.</param>
/// <param name="Amount">What it brings, with its taxes: below zero it is a credit.</param>
/// <param name="NettedWh">Imported energy that export was taken off, by rate.</param>
/// <param name="CarriedWh">Energy that earlier periods left.</param>
/// <param name="LeftWh">Energy that is carried into later periods.</param>
/// <param name="RestWh">Energy that a settlement found left.</param>
/// <param name="Carried">Money that earlier periods left, where the worth of energy is netted.</param>
/// <param name="Left">Money that is carried into later periods, likewise.</param>
/// <param name="SelfConsumptionMissing">Why no figures of what was used where it was produced are here: they need a register of what is produced.</param>
public sealed record ExportAnswer(IReadOnlyDictionary<string, long> ExportedWh, string Amount, IReadOnlyDictionary<string, long>? NettedWh, long? CarriedWh,
    long? LeftWh, long? RestWh, string? Carried, string? Left, string SelfConsumptionMissing)
{
    private const string NoProduction =
        "What is produced is not measured: no register of it is known, so what was used where it was produced cannot be told from what was not.";

    /// <summary>Null where nothing was exported or carried.</summary>
    internal static ExportAnswer? Of(PeriodView period, TariffDefinition tariff)
    {
        if (period.Export is not { } e)
        {
            return null;
        }

        var (net, isWorth) = (tariff.Export?.NetMetering is not null, tariff.Export?.NetMetering?.Per == "value");
        return new(
            ByRate(e.ExportedWh), new WideMoney(period.ExportNano).ToString(), net && !isWorth ? ByRate(e.NettedWh) : null, net ? e.CarriedWh : null,
            net ? e.LeftWh : null, net ? e.RestWh : null, isWorth ? new Money(e.CarriedNano).ToString() : null,
            isWorth ? new Money(e.LeftNano).ToString() : null, NoProduction);

        Dictionary<string, long> ByRate(long[] wh) =>
            wh.Select((w, i) => (tariff.Rates[i].Name, w)).Where(r => r.w != 0).ToDictionary(r => r.Name, r => r.w);
    }
}
