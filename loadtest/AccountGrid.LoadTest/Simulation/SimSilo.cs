namespace AccountGrid.LoadTest.Simulation;

internal sealed record SimSilo(SimProcess Process, SimStore Store);
