namespace AccountGrid.Domain.Commands;

/// <summary>Puts an account on another product or version from a past day: what was charged since is charged again.</summary>
/// <param name="Tariff">Number of a tariff version; where <paramref name="Follows"/> is set, of the product's that is in force on the day.</param>
/// <param name="FromDay">First local day under it, as a day number; not later than today.</param>
/// <param name="Follows">Later versions of the product take effect on their day; else the version is agreed on until another change.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: above the pack's limit for adjustments two different people.</param>
public sealed record CorrectTariff(
    int Account, int Tariff, int FromDay, bool Follows, string Reason, string? DecidedBy = null, string? ApprovedBy = null) : AccountCommand(Account);
