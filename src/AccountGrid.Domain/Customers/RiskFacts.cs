namespace AccountGrid.Domain.Customers;

/// <summary>The facts that a risk grade is made of, of the twelve calendar months that end with the day before the evaluation.</summary>
/// <param name="OnTimeShare">
/// 0 to 1: the mean of the twelve months. A month's share is the mean over its bills and prepaid accounts of 1 on time, less 1/15 for each day late or each day
/// with a negative balance, at least 0. A month without either counts as 1.
/// </param>
/// <param name="MeanDaysLate">0 to 30 days: the mean of the twelve months of the days late of each bill, or days with a negative balance, at most 30.</param>
/// <param name="WorstArrears">
/// 0 to 3 mean monthly bills: the highest mean, over any 30 days in a row, of what was overdue at the end of the day, each day at most 3.
/// </param>
/// <param name="KeptShare">
/// 0 to 1: the mean over promises and instalments that fell due: 1 if kept on its day, less 1/15 for each day late. Without any, 1.
/// </param>
/// <param name="ReturnedPayments">Payments that were returned.</param>
/// <param name="TenureYears">Whole years of 365 days since the contract began.</param>
/// <param name="UseFall">
/// 0 to 1: how much less energy the last three whole months used than the same months a year before. Null if a month is not known or the premises were vacant.
/// </param>
/// <param name="KnockOuts">What gives grade D by itself.</param>
public sealed record RiskFacts(
    decimal OnTimeShare,
    decimal MeanDaysLate,
    decimal WorstArrears,
    decimal KeptShare,
    int ReturnedPayments,
    int TenureYears,
    decimal? UseFall,
    IReadOnlyList<KnockOut> KnockOuts);
