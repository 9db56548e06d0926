namespace AccountGrid.Host.Figures;

/// <summary>Figures of a period.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="By">What the groups are.</param>
/// <param name="StandingDay">The day at whose end accounts, receivables and debts are taken; null where no day of the period has ended.</param>
/// <param name="Rows">Figures, by group and name.</param>
public sealed record FiguresAnswer(string From, string To, string By, string? StandingDay, IReadOnlyList<FigureRow> Rows);
