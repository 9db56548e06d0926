using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Payment plans with the filters that stand in the address.</summary>
public sealed record PlansModel(string State, string? Area, ConsolePart<Page<PlanAnswer>> Plans);
