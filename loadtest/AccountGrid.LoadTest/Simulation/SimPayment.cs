namespace AccountGrid.LoadTest.Simulation;

/// <summary>What a payer knows of a payment.</summary>
internal sealed record SimPayment(string Reference, int Account, long Nano);
