namespace AccountGrid.Host.Notices;

/// <summary>The account that links of customers' pages open.</summary>
/// <param name="Generation">Which links are in force.</param>
/// <param name="Language">The customer's; null is not known.</param>
/// <param name="History_From">Bills, use and what was owed from before this are another customer's; null is that nobody else is known.</param>
internal sealed record PageLinkTarget(int Number, string Id, int Partition, int Generation, string? Language, DateTime? History_From)
{
    /// <summary>Since when the account is its customer's; null is that nobody else is known.</summary>
    public DateTimeOffset? Since => History_From is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
}
