namespace AccountGrid.Host.Payments;

/// <summary>What the grid knows of a channel's payment id.</summary>
/// <param name="Status">
/// <c>absent</c>: never seen. <c>open</c>: taken, and being booked; ask again. <c>accepted</c>, <c>held</c>, <c>reversed</c>. <c>closed</c>: it was absent, and
/// can never be accepted now.
/// </param>
/// <param name="Answer">The first answer to the payment; null where there was none.</param>
public sealed record ChannelPaymentStatus(string ChannelTxnId, string Status, ChannelPaymentAnswer? Answer);
