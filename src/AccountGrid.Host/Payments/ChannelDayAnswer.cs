namespace AccountGrid.Host.Payments;

/// <summary>A channel's business day by the grid's books.</summary>
/// <param name="ByStatus">Count and amount of each status that occurs.</param>
public sealed record ChannelDayAnswer(string Channel, DateOnly Day, string Currency, IReadOnlyList<ChannelDaySum> ByStatus);
