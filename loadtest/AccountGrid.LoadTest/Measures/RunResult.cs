using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.LoadTest.Measures;

/// <summary>One second of a run.</summary>
/// <param name="Offered">Readings that fell due.</param>
/// <param name="Acknowledged">Readings whose acknowledgement came.</param>
public sealed record SecondSample(int Second, long Offered, long Acknowledged, double AckP99Ms, double FreshnessP99Ms, double QueryP99Ms, double SiloCpu, double DatabaseCpu, double TesterCpu, double SiloMb);

/// <summary>CPU by part, seconds, over the measured time.</summary>
public sealed record CpuUse(double Silo, double Database, double Tester);

/// <summary>What the books at the end came to.</summary>
/// <param name="Accounts">Accounts checked: energy of each, and money of each whose meters' clocks were right.</param>
/// <param name="MoneyChecked">Accounts of which the balance was compared.</param>
/// <param name="Wrong">Accounts that differ; the first are named.</param>
public sealed record BooksResult(int Accounts, int MoneyChecked, int Wrong, long AcceptedWh, IReadOnlyList<string> Differences);

/// <summary>Everything that a run measured. Schema 1; additive only.</summary>
public sealed record RunResult
{
    public int Schema { get; init; } = 1;

    public required string Started { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    public required double Seconds { get; init; }

    public required long Offered { get; init; }

    public required long Accepted { get; init; }

    public required long Rejected { get; init; }

    public required long Requests { get; init; }

    public required IReadOnlyDictionary<string, long> Trouble { get; init; }

    /// <summary>From when a reading fell due to its acknowledgement.</summary>
    public required LatencySummary Acknowledgement { get; init; }

    /// <summary>From the request to its answer, without waiting for its turn.</summary>
    public required LatencySummary Service { get; init; }

    /// <summary>From the acknowledgement to a balance that shows it.</summary>
    public required LatencySummary Freshness { get; init; }

    public required LatencySummary Queries { get; init; }

    public required LatencySummary TopUps { get; init; }

    /// <summary>From the acknowledgement of the reading that crossed to the notice being sent.</summary>
    public required LatencySummary Notices { get; init; }

    /// <summary>Pauses of the silos by their collector; null where they are not of this machine.</summary>
    public LatencySummary? SiloPauses { get; init; }

    /// <summary>Times that the tester itself stood still for more than 5 ms: they are in its latencies and not the grid's.</summary>
    public LatencySummary? TesterStalls { get; init; }

    /// <summary>Balances that subscribers were told of.</summary>
    public required long LiveEvents { get; init; }

    public CpuUse? Cpu { get; init; }

    public double? SiloPeakMb { get; init; }

    public long? WalBytes { get; init; }

    public long? DatabaseGrowthBytes { get; init; }

    public BooksResult? Books { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public required IReadOnlyList<SecondSample> Series { get; init; }

    public double ReadingsPerSecond => Accepted / Math.Max(0.001, Seconds);

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IndentSize = 1 };
}
