namespace AccountGrid.Domain.Events;

public sealed record CutDecided(CutStep Step, int Sequence, InterlockResult Interlock) : AccountEvent;
