using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="Instalments">Rising by day; together what is overdue, or less.</param>
public sealed record AgreePlan(int Account, IReadOnlyList<Instalment> Instalments, string AgreedBy) : AccountCommand(Account);
