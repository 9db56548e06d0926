namespace AccountGrid.Host.Figures;

/// <summary>Figures of a period.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="By">What the groups are.</param>
/// <param name="StandingDay">The day at whose end accounts, receivables and debts are taken; null where no day of the period has ended.</param>
/// <param name="IsComplete">False while all is counted anew after a rebuild was asked for: sums are then too small.</param>
/// <param name="Rows">Figures, by group and name.</param>
public sealed record FiguresAnswer(string From, string To, string By, string? StandingDay, bool IsComplete, IReadOnlyList<FigureRow> Rows);
