using AccountGrid.Domain.Customers;

namespace AccountGrid.Host.Grades;

/// <summary>A customer's score by the begin of a day.</summary>
/// <param name="Month">The month that was evaluated; null: it was evaluated for a knock-out.</param>
internal sealed record Evaluation(string Customer, int Today, MonthNumber? Month, RiskFacts Facts, RiskScore Score);
