namespace AccountGrid.Host.Cli;

/// <summary>How a file is replayed.</summary>
/// <param name="Speed">Times real time; 0 is as fast as the grid takes it.</param>
/// <param name="Provision">Register an account and a meter for each meter id first.</param>
/// <param name="Tariff">Name of the tariff for provisioned accounts.</param>
/// <param name="CapacityW">Capacity of provisioned meters, W.</param>
/// <param name="ShuffleSeed">Shuffles gateways' order, and each meter's values within a UTC day; null keeps order.</param>
/// <param name="ResendEvery">Every so many batches one is sent twice; 0 is never.</param>
/// <param name="MetersPerGateway">Meters behind one gateway.</param>
/// <param name="BatchItems">Readings in a batch.</param>
public sealed record ReplayOptions(
    double Speed = 0, bool Provision = false, string Tariff = "demo-flat", long CapacityW = 100_000, int? ShuffleSeed = null, int ResendEvery = 0,
    int MetersPerGateway = 50, int BatchItems = 2_000);
