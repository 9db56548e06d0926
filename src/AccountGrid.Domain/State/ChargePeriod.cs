using AccountGrid.Domain.Rating;
using AccountGrid.Faults;

namespace AccountGrid.Domain.State;

/// <summary>
/// What one account owes for one tier period (a local month or year) under one tariff version: a function of the energy by rate, the
/// energy of the whole period and the standing days, so the order of arrival does not matter. Beside the live sums stand those of
/// closed days: entries book the difference that closing makes, so they sum to the charge when all days are closed.
/// </summary>
public sealed class ChargePeriod(int startDay, int tariff)
{
    /// <summary>First local day of the calendar period.</summary>
    public int StartDay { get; } = startDay;

    /// <summary>Number of the tariff version.</summary>
    public int Tariff { get; } = tariff;

    public Sums Live;
    public Sums Closed;

    /// <summary>Live sums have changed since <see cref="Charge"/> was worked out.</summary>
    public bool Stale { get; set; }

    /// <summary>Money owed for the live sums, tax included.</summary>
    public WideMoney Charge { get; private set; }

    /// <summary>Money already booked in entries, tax included.</summary>
    public WideMoney Booked { get; private set; }

    /// <summary>Whether nothing is open in this period.</summary>
    public bool IsSettled => Charge == Booked && Live == Closed;

    /// <summary>Works out the live charge again; <paramref name="before"/> is the energy of the same calendar period under earlier versions.</summary>
    public WideMoney Recharge(Tariff tariff, Household household, Energy before)
    {
        var old = Charge;
        Charge = ChargeOf(Live, tariff, household, before).Total;
        Stale = false;
        return Charge - old;
    }

    /// <summary>Books what the closed sums now cost beyond what was booked before.</summary>
    public ChargeParts Book(Tariff tariff, Household household, Energy before, Sums closed)
    {
        var old = ChargeOf(Closed, tariff, household, before);
        Closed = closed;
        var now = ChargeOf(Closed, tariff, household, before);
        Booked = now.Total;
        return now - old;
    }

    /// <summary>The whole charge, in one place: energy by rate, tier surcharge, standing days, then tax on the sum, rounded once.</summary>
    public static ChargeParts ChargeOf(in Sums sums, Tariff tariff, Household household, Energy before)
    {
        var tiers = tariff.Tiers.Any
            ? tariff.Tiers.Surcharge(before + sums.Energy, household) - tariff.Tiers.Surcharge(before, household)
            : WideMoney.Zero;
        var standing = WideMoney.Product(tariff.StandingPerDay.Nano, sums.StandingDays);
        var tax = tariff.TaxBasisPoints == 0 ? WideMoney.Zero : (sums.Base + tiers + standing).Percentage(tariff.TaxBasisPoints);
        var energy = Sabotage.CutOffMoney ? new WideMoney(sums.Base.Nano - (sums.Base.Nano % (Money.NanoPerUnit / 100))) : sums.Base;
        return new ChargeParts(energy, tiers, standing, tax);
    }

    internal void Restore(WideMoney charge, WideMoney booked)
    {
        Charge = charge;
        Booked = booked;
    }
}
