namespace AccountGrid.LoadTest.Driving;

/// <summary>How gateways misbehave, each as a share of 1. Seeded: the same run misbehaves the same.</summary>
/// <param name="LinkLoss">Chance for a gateway at each round to lose its link for 2 to 10 rounds; it then uploads the backlog at once.</param>
/// <param name="Resend">Chance that an acknowledged batch is sent again.</param>
/// <param name="Late">Chance that every tenth line of a batch waits for the next batch, behind it: late and out of order.</param>
/// <param name="Drift">Share of gateways whose meters' clocks drift: in their first 60 rounds away by up to two minutes ahead or half an interval behind, where
/// they stay.</param>
public sealed record GatewayFaults(double LinkLoss, double Resend, double Late, double Drift, int Seed)
{
    private const int DriftMaxMs = 120_000;
    private const int DriftRounds = 60;

    public static GatewayFaults None { get; } = new(0, 0, 0, 0, 0);

    public bool Drifts(int gateway) => Draw(gateway, -1, 0) < Drift;

    /// <summary>How far the clocks of a gateway's meters are ahead at a round, ms; less than 0 is behind.</summary>
    public int DriftMsOf(int gateway, int round, int intervalMs)
    {
        if (!Drifts(gateway))
        {
            return 0;
        }

        var most = Draw(gateway, -1, 1) < 0.5 ? DriftMaxMs : -intervalMs / 2;
        return (int)(most * Draw(gateway, -1, 6) * Math.Min(round, DriftRounds) / DriftRounds);
    }

    public bool Resends(int gateway, int round) => Draw(gateway, round, 2) < Resend;

    public bool IsLate(int gateway, int round) => Draw(gateway, round, 3) < Late;

    /// <summary>Rounds for which the link is lost from this one on; 0 is none.</summary>
    public int LosesLinkFor(int gateway, int round) => Draw(gateway, round, 4) < LinkLoss ? 2 + (int)(Draw(gateway, round, 5) * 9) : 0;

    private double Draw(int gateway, int round, int what)
    {
        var x = unchecked(((ulong)(uint)Seed * 0x9e3779b97f4a7c15) ^ ((ulong)(uint)gateway << 32) ^ ((ulong)(uint)round << 3) ^ (uint)what);
        x = unchecked((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9);
        x = unchecked((x ^ (x >> 27)) * 0x94d049bb133111eb);
        return (x >> 11) * (1.0 / (1UL << 53));
    }
}
