namespace AccountGrid.Host.Prices;

/// <param name="Amount">What the account is charged less, or where negative more; decimal string.</param>
/// <param name="Balance">The account's balance with it.</param>
/// <param name="IsDryRun">Nothing was changed.</param>
public sealed record TariffCorrectionAnswer(string Account, string Amount, string Currency, string Balance, bool IsDryRun);
