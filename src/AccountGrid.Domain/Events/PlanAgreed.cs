using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

public sealed record PlanAgreed(IReadOnlyList<Instalment> Instalments, string AgreedBy) : AccountEvent;
