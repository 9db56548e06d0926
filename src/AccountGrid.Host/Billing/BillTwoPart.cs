using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>
/// What capacity or demand charge and power factor of a month on a bill come from. Amounts are of the whole month as it was known at the closing.
/// </summary>
/// <param name="Month">First local day of the month.</param>
/// <param name="Contracted">Contracted capacity, with its unit; null where there is none.</param>
/// <param name="MaximumKw">Maximum demand; null where it is not charged for, or no interval counts.</param>
/// <param name="MaximumAt">Beginning of its interval.</param>
/// <param name="PairedDays">Days of meters that the power factor counts: active and reactive energy are known for all of each.</param>
/// <param name="PowerFactor">Two decimals; null where there is none.</param>
/// <param name="Percent">What it adds to charges; below zero it takes off.</param>
public sealed record BillTwoPart(
    string Month, string? Contracted, string? MaximumKw, DateTimeOffset? MaximumAt, string? PowerFactor, long ActiveWh, long ReactiveVarh, string? Percent,
    string Capacity, string Adjustment, int PairedDays = 0)
{
    internal static BillTwoPart Of(TwoPartFacts f) => new(
        Instants.DayToText(f.StartDay), f.ContractedMilli == 0 ? null : $"{CapacityDecisions.Text(f.ContractedMilli)} {f.Unit}",
        f.MaximumW is { } w ? CapacityDecisions.Text(w) : null, f.MaximumW is null ? null : Instants.ToInstant(f.MaximumAtMs),
        f.FactorHundredths is { } factor ? PowerFactors.Text(factor) : null, f.ActiveWh, f.ReactiveVarh,
        f.FactorHundredths is null ? null : CapacityDecisions.Text(f.BasisPoints * 10L), f.Capacity.ToString(), f.PowerFactor.ToString(),
        f.PairedDays);
}
