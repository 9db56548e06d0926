namespace AccountGrid.Host.Prepayment;

/// <summary>What an account's own last months have cost, and would have cost on prepaid terms. Money as decimal strings.</summary>
/// <param name="From">First day that is rated.</param>
/// <param name="To">Last day.</param>
/// <param name="DaysWithUse">Days of them with readings.</param>
/// <param name="Tariff">The tariff of the offer, in the version that is in force today.</param>
/// <param name="Cost">What the days have cost, with standing charge, tiers and tax.</param>
/// <param name="LateFees">Late fees of the same time, which a prepaid account has none of.</param>
/// <param name="WouldCost">What the days would have cost under the tariff.</param>
/// <param name="Saving">Cost and late fees less what it would have cost; negative where it would have been dearer.</param>
/// <param name="Level">Assumed: a warning comes at this balance.</param>
/// <param name="TopUp">Assumed: so much is paid in at the begin, and at each warning until the balance is above the level.</param>
/// <param name="Warnings">How often a warning would have come.</param>
/// <param name="TopUps">How often would have been paid in, the begin included.</param>
/// <param name="DaysBelowZero">Days at whose end nothing would have been left.</param>
public sealed record PrepaymentFigures(
    string Account, string Currency, DateOnly From, DateOnly To, int DaysWithUse, long EnergyWh, string Tariff, int TariffVersion, string Cost, string LateFees,
    string WouldCost, string Saving, string Level, string TopUp, int Warnings, int TopUps, int DaysBelowZero);
