namespace AccountGrid.Host.Prices;

/// <summary>How far a version's list was gone through, and accounts by what came of it.</summary>
/// <param name="AfterAccount">Number of the last account that was looked at.</param>
internal sealed record PriceNoticeCounts(
    int AfterAccount, bool IsListed, long Given, long Late, long WithoutPast, long Refused, long Withdrawn, long NotLeft);
