using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Driving;

/// <summary>Counts and latencies of a run's pushes.</summary>
public sealed class PushMeasures
{
    public long Offered;
    public long Accepted;
    public long Rejected;
    public long Requests;

    public Latencies Acknowledgement { get; } = new();

    public Latencies Service { get; } = new();

    public Dictionary<string, long> Trouble { get; } = [];

    /// <summary>What was out of the ordinary before does not count.</summary>
    public void ForgetTrouble()
    {
        lock (Trouble)
        {
            Trouble.Clear();
        }
    }

    public void Note(string trouble)
    {
        lock (Trouble)
        {
            Trouble[trouble] = Trouble.GetValueOrDefault(trouble) + 1;
        }
    }
}
