using System.Collections.Concurrent;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>Counts over seeds.</summary>
internal sealed class SimSummary
{
    private readonly Lock _gate = new();

    public int Seeds { get; private set; }

    public long Steps { get; private set; }

    public long Fenced { get; private set; }

    public long Unknown { get; private set; }

    public long Resent { get; private set; }

    public long Forwarded { get; private set; }

    public long SentTwice { get; private set; }

    /// <summary>Some trouble that a run of many seeds must meet was never met. A meter's move alone is two records a seed.</summary>
    public bool IsVacuous => Fenced == 0 || Unknown == 0 || Resent == 0 || Forwarded <= 2 * Seeds || SentTwice == 0;

    public ConcurrentBag<SimResult> Failed { get; } = [];

    public void Add(SimResult result)
    {
        if (result.Violation is not null)
        {
            Failed.Add(result);
        }

        lock (_gate)
        {
            Seeds++;
            Steps += result.Steps;
            Fenced += result.Fenced;
            Unknown += result.Unknown;
            Resent += result.Resent;
            Forwarded += result.Forwarded;
            SentTwice += result.SentTwice;
        }
    }
}
