namespace AccountGrid.Host.Payments;

/// <summary>What a channel takes for a payment.</summary>
/// <param name="Fixed">For each payment, decimal string.</param>
/// <param name="BasisPoints">Of the amount, hundredths of a percent; 0 to 10,000.</param>
/// <param name="BornBy"><c>company</c>, or <c>customer</c>: then the channel collects it beside the amount.</param>
public sealed record PaymentChannelFee(string Fixed, int BasisPoints, string BornBy);
