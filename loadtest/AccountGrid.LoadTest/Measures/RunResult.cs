using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrid.LoadTest.Measures;

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

    /// <summary>Accounts that crossed their level, by the tester's own model.</summary>
    public long Crossings { get; init; }

    /// <summary>Those of them that no notice was sent to, half a minute after the end.</summary>
    public long NoticesMissing { get; init; }

    /// <summary>Pauses of the silos by their collector; null where they are not of this machine.</summary>
    public LatencySummary? SiloPauses { get; init; }

    /// <summary>Times that the tester itself stood still for more than 5 ms: they are in its latencies and not the grid's.</summary>
    public LatencySummary? TesterStalls { get; init; }

    /// <summary>Balances that subscribers were told of.</summary>
    public required long LiveEvents { get; init; }

    public CpuUse? Cpu { get; init; }

    /// <summary>CPU of each silo, seconds; null where they are not of this machine.</summary>
    public IReadOnlyList<double>? CpuBySilo { get; init; }

    public double? SiloPeakMb { get; init; }

    /// <summary>Bytes of write-ahead log.</summary>
    public long? WalBytes { get; init; }

    /// <summary>Bytes of pages that the server has written to its files; what it has not written yet is not among them.</summary>
    public long? PageBytes { get; init; }

    public long? DatabaseGrowthBytes { get; init; }

    public BooksResult? Books { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public IReadOnlyList<FaultSpan> FaultSpans { get; init; } = [];

    /// <summary>The rates that a search tried, in order; empty for a run.</summary>
    public IReadOnlyList<SearchStep> Search { get; init; } = [];

    public required IReadOnlyList<SecondSample> Series { get; init; }

    /// <summary>A balance is wrong or was not compared, a reading was refused, or a notice is missing.</summary>
    public bool Failed => Books is { Wrong: > 0 } or { LeftOut: > 0 } || Rejected > 0 || NoticesMissing > 0;

    public double ReadingsPerSecond => Accepted / Math.Max(0.001, Seconds);

    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, IndentSize = 1 };
}
