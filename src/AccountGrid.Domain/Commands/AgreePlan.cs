using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="Instalments">Rising by day; together what is overdue, or less.</param>
/// <param name="Grade">The customer's risk grade when the plan was asked for; an account of no customer has B.</param>
/// <param name="ApprovedBy">The second person, where the plan is beyond what the pack offers the grade.</param>
public sealed record AgreePlan(
    int Account, IReadOnlyList<Instalment> Instalments, string AgreedBy, RiskGrade Grade = RiskGrade.B, string? ApprovedBy = null) : AccountCommand(Account);
