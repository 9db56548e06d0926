namespace AccountGrid.Host.Payments;

/// <param name="Status"><c>open</c>, <c>accepted</c>, <c>held</c> or <c>reversed</c>.</param>
/// <param name="Amount">Decimal string.</param>
public sealed record ChannelDaySum(string Status, long Count, string Amount);
