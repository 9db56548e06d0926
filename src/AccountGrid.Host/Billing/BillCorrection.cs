namespace AccountGrid.Host.Billing;

/// <summary>A change of what a day before the bill's cost.</summary>
/// <param name="Cause">
/// <c>late</c>: the day was not charged when its bill was closed. <c>readings</c>: readings came, or changed, and with them the energy. <c>tiers</c>: the
/// energy is the same and its tier is another, since other days of the period or the household changed. <c>standing</c>: standing charges were given back.
/// </param>
/// <param name="Amount">Without tax; a charge is positive.</param>
/// <param name="Tax">The tax on it.</param>
public sealed record BillCorrection(string Day, string Cause, string Amount, string Tax);
