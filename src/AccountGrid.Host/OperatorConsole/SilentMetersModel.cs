using AccountGrid.Host.Http;
using AccountGrid.Host.Operations;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Meters whose readings have stopped.</summary>
/// <param name="Hours">For how long at least, as it stands in the address.</param>
/// <param name="Days">For how long at most.</param>
/// <param name="Gateway">Of one gateway; null is all.</param>
public sealed record SilentMetersModel(string? Hours, string? Days, string? Gateway, ConsolePart<Page<SilentMeterAnswer>> Meters);
