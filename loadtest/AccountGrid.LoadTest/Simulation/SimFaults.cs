namespace AccountGrid.LoadTest.Simulation;

/// <summary>How often things go wrong in one run, each drawn by the run's own seed: some runs are calm, some all but impossible.</summary>
/// <param name="LostRequest">Chance that a call never reaches the database, or reaches it after its caller has given up.</param>
/// <param name="LostReply">Chance that a call is carried out and its answer is lost.</param>
/// <param name="SlowCall">Chance that a call takes a hundred times as long.</param>
/// <param name="LostDelivery">Chance that a delivered batch is lost, comes twice, or comes before its predecessor.</param>
/// <param name="Kills">Silos killed.</param>
/// <param name="Freezes">Silos that stand still while others take their work, and then go on.</param>
/// <param name="Twins">Activations that another silo takes over though nothing is wrong with the first.</param>
/// <param name="Outages">Times when the database refuses everything.</param>
/// <param name="ClockErrors">Silos whose clock is off by minutes.</param>
/// <param name="UnfoldableRecords">Records that no fold can take.</param>
/// <param name="Resends">Chance that a client sends again what was acknowledged.</param>
/// <param name="Late">Chance that a client's readings come shuffled, or some of them later.</param>
internal sealed record SimFaults(
    double LostRequest, double LostReply, double SlowCall, double LostDelivery, int Kills, int Freezes, int Twins, int Outages, int ClockErrors,
    int UnfoldableRecords, double Resends, double Late)
{
    /// <summary>Nothing goes wrong.</summary>
    public static SimFaults None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static SimFaults Draw(Random random)
    {
        double Rate(double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;
        int Some(int most) => random.Next(3) == 0 ? 0 : random.Next(most + 1);
        return new SimFaults(Rate(0.08), Rate(0.08), Rate(0.05), Rate(0.3), Some(4), Some(3), Some(4), Some(2), Some(2), Some(2), Rate(0.4), Rate(0.5));
    }

    /// <summary>Each a little calmer than this one: the way to the smallest run that still fails.</summary>
    public IEnumerable<SimFaults> Calmer()
    {
        SimFaults[] all =
        [
            this with { LostRequest = 0 }, this with { LostReply = 0 }, this with { SlowCall = 0 }, this with { LostDelivery = 0 }, this with { Kills = 0 },
            this with { Freezes = 0 }, this with { Twins = 0 },
            this with { Outages = 0 }, this with { ClockErrors = 0 }, this with { UnfoldableRecords = 0 }, this with { Resends = 0 }, this with { Late = 0 },
            this with { Kills = Kills / 2 }, this with { Freezes = Freezes / 2 }, this with { Twins = Twins / 2 },
        ];
        return all.Where(f => f != this);
    }
}
