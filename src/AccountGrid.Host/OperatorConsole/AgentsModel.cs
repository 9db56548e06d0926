using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Agents with their floats.</summary>
public sealed record AgentsModel(string? Channel, ConsolePart<Page<AgentAnswer>> Agents);
