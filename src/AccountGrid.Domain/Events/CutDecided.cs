namespace AccountGrid.Domain.Events;

/// <param name="Step"><c>planned</c>, <c>released</c> or <c>refused</c>.</param>
public sealed record CutDecided(string Step, int Sequence, InterlockResult Interlock) : AccountEvent;
