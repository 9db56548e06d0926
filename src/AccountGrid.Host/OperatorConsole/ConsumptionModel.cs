using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Consumption">Null where the question was refused.</param>
/// <param name="By">As it was asked for.</param>
public sealed record ConsumptionModel(string Account, string Zone, ConsumptionAnswer? Consumption, string By, string? From, string? To, string? Error);
