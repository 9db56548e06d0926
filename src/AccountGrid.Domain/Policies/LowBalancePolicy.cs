namespace AccountGrid.Domain.Policies;

/// <param name="Amounts">Levels by amount.</param>
/// <param name="DaysLeft">Levels by forecast days of supply.</param>
public sealed record LowBalancePolicy(IReadOnlyList<AmountLevel> Amounts, IReadOnlyList<DaysLevel> DaysLeft);
