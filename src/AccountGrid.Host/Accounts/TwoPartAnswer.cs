using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// What capacity or demand charge and power factor of a month come from. Maximum demand and energies are of closed days: the running month has what is
/// known of it.
/// </summary>
/// <param name="Days">Days that are charged for.</param>
/// <param name="Contracted">Contracted capacity, with its unit; absent where there is none.</param>
/// <param name="MaximumKw">Maximum demand, decimal string; absent where it is not charged for, or no interval counts.</param>
/// <param name="MaximumAt">Beginning of its interval.</param>
/// <param name="ActiveWh">Active energy of days on which reactive energy is known too.</param>
/// <param name="PairedDays">Closed days of meters on which both are known.</param>
/// <param name="PowerFactor">Two decimals; absent where there is none.</param>
/// <param name="Percent">What it adds to the charges that the tariff names; below zero it takes off.</param>
/// <param name="Capacity">Capacity or demand charge.</param>
/// <param name="Adjustment">What the power factor adds.</param>
public sealed record TwoPartAnswer(
    int Days, string? Contracted, string? MaximumKw, DateTimeOffset? MaximumAt, long ActiveWh, long ReactiveVarh, int PairedDays, string? PowerFactor,
    string? Percent, string Capacity, string Adjustment)
{
    /// <summary>Null for a period under another tariff.</summary>
    internal static TwoPartAnswer? Of(TwoPartView? view) => view is null ? null : new(
        view.Days, view.ContractedMilli == 0 ? null : $"{CapacityDecisions.Text(view.ContractedMilli)} {view.Unit}",
        view.MaximumW is { } w ? CapacityDecisions.Text(w) : null, view.MaximumW is null ? null : Instants.ToInstant(view.MaximumAtMs), view.ActiveWh,
        view.ReactiveVarh, view.PairedDays, view.FactorHundredths is { } factor ? PowerFactors.Text(factor) : null,
        view.FactorHundredths is null ? null : CapacityDecisions.Text(view.BasisPoints * 10L), new WideMoney(view.CapacityNano).ToString(),
        new WideMoney(view.PowerFactorNano).ToString());
}
