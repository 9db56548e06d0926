namespace AccountGrid.Host.Lists;

/// <summary>A payment in a list.</summary>
/// <param name="Id">As the payment's answer named it, for <c>/receipt</c> and for a reversal.</param>
/// <param name="Amount">In the account's currency.</param>
/// <param name="Balance">Of the account, after it.</param>
/// <param name="At">When it was taken into the log.</param>
/// <param name="Reference">As it was given; null is none.</param>
public sealed record PaymentListItem(string Id, string Account, string Amount, string Balance, DateTimeOffset At, string? Reference);
