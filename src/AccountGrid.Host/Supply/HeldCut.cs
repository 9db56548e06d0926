namespace AccountGrid.Host.Supply;

public sealed record HeldCut(string Account, int Sequence, DateTimeOffset At, string Reason);
