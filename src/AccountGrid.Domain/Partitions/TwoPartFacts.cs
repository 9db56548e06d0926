using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>What capacity or demand charge and power factor of a month come from, by its days that are closed.</summary>
/// <param name="StartDay">First local day of the month.</param>
/// <param name="Days">Days that are charged for.</param>
/// <param name="ContractedMilli">Contracted capacity, thousandths of <paramref name="Unit"/>: the average over the days; 0 is none.</param>
/// <param name="Unit">kVA or kW; empty where the tariff charges for neither.</param>
/// <param name="MaximumW">Maximum demand; null where the tariff does not charge for it, or no interval counts.</param>
/// <param name="MaximumAtMs">Beginning of its interval, UTC ms.</param>
/// <param name="ActiveWh">Active energy of days on which reactive energy is known too.</param>
/// <param name="PairedDays">Closed days of meters on which both are known.</param>
/// <param name="FactorHundredths">Power factor; null where the tariff asks for none, or no day has both energies.</param>
/// <param name="BasisPoints">Hundredths of a percent that it adds.</param>
/// <param name="Capacity">Capacity or demand charge of the month.</param>
/// <param name="PowerFactor">What the power factor adds, below zero where it takes off.</param>
public sealed record TwoPartFacts(
    int StartDay, int Days, long ContractedMilli, string Unit, long? MaximumW, long MaximumAtMs, long ActiveWh, long ReactiveVarh, int PairedDays,
    int? FactorHundredths, int BasisPoints, WideMoney Capacity, WideMoney PowerFactor)
{
    /// <summary>Of a period by its closed days; null where it is under no such tariff.</summary>
    public static TwoPartFacts? Of(AccountState account, ChargePeriod period)
    {
        var tariff = account.TariffByNumber(period.Tariff);
        if (tariff.TwoPart is not { } terms || period.Closed.TwoPart is not { } sums)
        {
            return null;
        }

        var amounts = terms.Of(sums, WideMoney.Product(tariff.StandingPerDay.Nano, period.Closed.StandingDays), period.StartDay);
        var factor = terms.FactorOf(sums);
        return new(
            period.StartDay, sums.Days, sums.Days == 0 ? 0 : sums.UnitDays / sums.Days, CapacityUnits.Text(terms.Unit),
            terms.IsByDemand && sums.Maximum.W > 0 ? sums.Maximum.W : null, sums.Maximum.AtMs, sums.ActiveWh, sums.ReactiveVarh, sums.PairedDays, factor,
            factor is { } known ? terms.BasisPointsOf(known) : 0, amounts.Capacity, amounts.Adjustment);
    }

    /// <summary>Of the months that local days lie in; null where none is under such a tariff.</summary>
    internal static IReadOnlyList<TwoPartFacts>? Between(AccountState account, int fromDay, int toDay)
    {
        var facts = account.Periods.Where(p => p.StartDay <= toDay && account.TariffByNumber(p.Tariff).PeriodEndOf(p.StartDay) > fromDay)
            .Select(p => Of(account, p)).OfType<TwoPartFacts>().ToList();
        return facts.Count == 0 ? null : facts;
    }
}
