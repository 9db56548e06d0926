namespace AccountGrid.Host.Payments;

/// <summary>Something that was asked for and is not paid, late fees left out.</summary>
/// <param name="Due">Last local day to pay, <c>yyyy-MM-dd</c>.</param>
/// <param name="Amount">What is open of it, decimal string.</param>
public sealed record ChannelDue(string Due, string Amount);
