namespace AccountGrid.Domain.Events;

public sealed record TamperSuspected(int Meter, int Sequence, long EnergyWh) : AccountEvent;
