using AccountGrid.Host.Http;
using AccountGrid.Host.Operations;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Gateways that have fallen silent.</summary>
/// <param name="Minutes">For how long at least, as it stands in the address.</param>
/// <param name="Days">For how long at most.</param>
public sealed record GatewaysModel(string? Minutes, string? Days, ConsolePart<Page<GatewaySeenAnswer>> Gateways);
