namespace AccountGrid.Domain.Commands;

/// <summary>Changes how an account is billed, from the first period on that begins after today.</summary>
/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last.</param>
/// <param name="Months">Months of a period, 1 to 3.</param>
public sealed record SetBillingCycle(int Account, int Day, int Months) : AccountCommand(Account);
