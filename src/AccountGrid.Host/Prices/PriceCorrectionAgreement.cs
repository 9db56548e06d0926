namespace AccountGrid.Host.Prices;

/// <param name="Hash">That of the correction as it was seen.</param>
public sealed record PriceCorrectionAgreement(string Hash);
