namespace AccountGrid.Host.Collections;

public sealed record PlanRequest(IReadOnlyList<PlanInstalment> Instalments);
