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
    public WideMoney Recharge(Tariff tariff, in TierTerms terms, Energy before, in NetTerms net = default)
    {
        var old = Charge;
        Charge = TotalOf(Live, tariff, terms, before, net);
        Stale = false;
        return Charge - old;
    }

    /// <summary>Books what the closed sums now cost beyond what was booked before.</summary>
    /// <param name="old">What netting depended on before; <paramref name="net"/> is what it depends on now.</param>
    public ChargeParts Book(Tariff tariff, in TierTerms terms, Energy before, Sums closed, in NetTerms old = default, in NetTerms net = default)
    {
        var was = ChargeOf(Closed, tariff, terms, before, old);
        Closed = closed;
        var now = ChargeOf(Closed, tariff, terms, before, net);
        Booked = now.Total;
        return now - was;
    }

    /// <summary>The whole charge, in one place: energy by rate, tier surcharge, standing days, levies, then tax, each rounded once.</summary>
    public static ChargeParts ChargeOf(in Sums sums, Tariff tariff, in TierTerms terms, Energy before, in NetTerms net = default)
    {
        var export = ExportOf(sums, tariff, net);
        var (tiers, standing) = (TiersOf(sums, tariff, terms, before), WideMoney.Product(tariff.StandingPerDay.Nano, sums.StandingDays));
        var twoPart = tariff.TwoPart?.Of(sums.TwoPart, standing, terms.Day) ?? default;
        var energy = Sabotage.CutOffMoney ? new WideMoney(sums.Base.Nano - (sums.Base.Nano % (Money.NanoPerUnit / 100))) : sums.Base;
        if (tariff.LeviesAndTaxes is not { } extras)
        {
            return new ChargeParts(
                energy, tiers, standing, TaxOf(sums.Base + tiers + standing - export.Netted + twoPart.Capacity + twoPart.Adjustment, tariff), default,
                tariff.Export?.TaxesOf(sums.ByRate), -(export.Netted + export.Paid), twoPart.Capacity, twoPart.Adjustment);
        }

        Span<WideMoney> amounts = stackalloc WideMoney[extras.Count];
        var (levies, taxes) = extras.Charge(sums.Base + tiers - export.Netted + twoPart.OnEnergy, standing + twoPart.Capacity + twoPart.OnFixed, sums.Energy,
            before, terms.Day, amounts);
        return new ChargeParts(energy, tiers, standing, taxes, levies,
            NamedAmounts.Sum(extras.NamesOf(amounts), tariff.Export?.TaxesOf(sums.ByRate)), -(export.Netted + export.Paid), twoPart.Capacity,
            twoPart.Adjustment);
    }

    /// <summary>The total of <see cref="ChargeOf"/>, without taking it apart: what each reading needs.</summary>
    public static WideMoney TotalOf(in Sums sums, Tariff tariff, in TierTerms terms, Energy before, in NetTerms net = default)
    {
        if (Sabotage.CutOffMoney || tariff.TwoPart is not null)
        {
            return ChargeOf(sums, tariff, terms, before, net).Total;
        }

        if (sums.ByRate is not null || net.Carried is not null)
        {
            var export = ExportOf(sums, tariff, net);
            return TotalOf(sums with { ByRate = null, Base = sums.Base - export.Netted }, tariff, terms, before) - export.Paid;
        }

        var energy = sums.Base + TiersOf(sums, tariff, terms, before);
        var standing = WideMoney.Product(tariff.StandingPerDay.Nano, sums.StandingDays);
        if (tariff.LeviesAndTaxes is not { } extras)
        {
            return energy + standing + TaxOf(energy + standing, tariff);
        }

        Span<WideMoney> amounts = stackalloc WideMoney[extras.Count];
        var (levies, taxes) = extras.Charge(energy, standing, sums.Energy, before, terms.Day, amounts);
        return energy + standing + levies + taxes;
    }

    private static ExportAmounts ExportOf(in Sums sums, Tariff tariff, in NetTerms net) =>
        tariff.Export is { } terms && (sums.ByRate is not null || net.Carried is not null) ? terms.Of(sums.ByRate, net) : default;

    /// <summary>No energy has no surcharge, and nearly all periods have nothing before them.</summary>
    private static WideMoney TiersOf(in Sums sums, Tariff tariff, in TierTerms terms, Energy before) => !tariff.Tiers.Any ? WideMoney.Zero
        : before == Energy.Zero ? tariff.Tiers.Surcharge(sums.Energy, terms)
        : tariff.Tiers.Surcharge(before + sums.Energy, terms) - tariff.Tiers.Surcharge(before, terms);

    private static WideMoney TaxOf(WideMoney sum, Tariff tariff) => tariff.TaxBasisPoints == 0 ? WideMoney.Zero : sum.Percentage(tariff.TaxBasisPoints);

    internal void Restore(WideMoney charge, WideMoney booked)
    {
        Charge = charge;
        Booked = booked;
    }
}
