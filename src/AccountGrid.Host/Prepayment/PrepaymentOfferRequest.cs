namespace AccountGrid.Host.Prepayment;

/// <param name="Tariff">Id of the tariff that is offered; null is the account's own.</param>
/// <param name="Level">Assumed balance of a warning, decimal string; null is the configured one.</param>
/// <param name="TopUp">Assumed payment, decimal string; null is the configured one.</param>
public sealed record PrepaymentOfferRequest(string? Tariff = null, string? Level = null, string? TopUp = null);
