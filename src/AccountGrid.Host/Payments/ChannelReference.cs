namespace AccountGrid.Host.Payments;

/// <summary>An id that another system gave the payment, by which a settlement file may name it.</summary>
/// <param name="Kind"><c>rrn</c>, <c>endToEnd</c>, <c>utr</c>, <c>mandate</c> or <c>receipt</c>.</param>
public sealed record ChannelReference(string Kind, string Value);
