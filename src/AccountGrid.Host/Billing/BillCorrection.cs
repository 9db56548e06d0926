namespace AccountGrid.Host.Billing;

/// <summary>A change of what a day before the bill's cost.</summary>
/// <param name="Cause">
/// <c>late</c>: the day was not charged when its bill was closed. <c>readings</c>: readings came, or changed, and with them the energy. <c>tiers</c>: the
/// energy is the same and its tier is another, since other days of the period or the household changed. <c>prices</c>: prices of a series came late
/// or were corrected. <c>standing</c>: standing charges were given back. <c>capacity</c>: the energy is the same, and the contracted capacity or the maximum
/// demand changed. <c>power-factor</c>: the energy is the same, and the month's power factor changed.
/// </param>
/// <param name="Amount">Without tax; a charge is positive.</param>
/// <param name="Tax">The tax on it.</param>
/// <param name="Reason">Why the contracted capacity was changed, as it was given; null for any other cause.</param>
public sealed record BillCorrection(string Day, string Cause, string Amount, string Tax, string? Reason = null);
