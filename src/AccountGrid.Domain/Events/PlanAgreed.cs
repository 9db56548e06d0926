using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="ApprovedBy">The second person; null where none was needed.</param>
public sealed record PlanAgreed(IReadOnlyList<Instalment> Instalments, string AgreedBy, string? ApprovedBy = null) : AccountEvent;
