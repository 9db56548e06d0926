using AccountGrid.Domain.Events;

namespace AccountGrid.Domain.Commands;

/// <param name="Kind"><c>call</c>, <c>visit</c>, <c>letter</c>, <c>welfare-visit</c>, <c>authority-copy</c>.</param>
/// <param name="Outcome">A code of <see cref="ContactOutcomes"/>; what it proves is defined there.</param>
/// <param name="CaseId">Open case of this account that it closes; null is none.</param>
/// <param name="Note">Free text. It proves nothing.</param>
public sealed record RecordContact(int Account, string Kind, string By, string Outcome, string? CaseId, string? Note = null) : AccountCommand(Account);
