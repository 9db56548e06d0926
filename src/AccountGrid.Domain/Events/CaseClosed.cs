namespace AccountGrid.Domain.Events;

public sealed record CaseClosed(string CaseId, string By, string Outcome) : AccountEvent;
