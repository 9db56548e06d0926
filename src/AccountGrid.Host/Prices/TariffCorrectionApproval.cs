namespace AccountGrid.Host.Prices;

/// <summary>The correction of a tariff that waits for a second person.</summary>
/// <param name="Number">The grid's number of the version, as it was found when it was asked for.</param>
/// <param name="Amount">What the dry run came to when it was asked for.</param>
public sealed record TariffCorrectionApproval(string Tariff, int? Version, DateOnly From, string Reason, int Number, bool Follows, string Amount)
{
    /// <summary>Kind of the approval.</summary>
    public const string Kind = "tariff-correction";
}
