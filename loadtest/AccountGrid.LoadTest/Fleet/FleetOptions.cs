namespace AccountGrid.LoadTest.Fleet;

/// <summary>What a fleet is made of. The same numbers and seed give the same readings.</summary>
/// <param name="First">Number of the first meter of this process's part.</param>
/// <param name="Meters">Meters of this part.</param>
/// <param name="IntervalMs">Time between readings of a meter; 15 minutes or a divisor of it.</param>
/// <param name="StartMs">Instant of installation, on an interval's border, UTC ms.</param>
/// <param name="Prefix">Begins every id, so that several fleets can live in one grid.</param>
public sealed record FleetOptions(int First, int Meters, int IntervalMs, long StartMs, int Seed, string Prefix, LoadTariff Tariff, LoadCurve Curve,
    int PerGateway = 200);
