namespace AccountGrid.Domain.Events;

/// <summary>An ordered restore holds no more: what a cut waits for begins anew.</summary>
public sealed record WaitBegunAnew(string Reason) : AccountEvent;
