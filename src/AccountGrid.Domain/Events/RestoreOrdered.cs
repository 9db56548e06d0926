namespace AccountGrid.Domain.Events;

/// <param name="UntilMs">Until when nothing is cut, UTC ms.</param>
public sealed record RestoreOrdered(string By, string Reason, long UntilMs) : AccountEvent;
