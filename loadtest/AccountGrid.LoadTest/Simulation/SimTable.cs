using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>A partition's rows.</summary>
internal sealed class SimTable
{
    private readonly List<(long First, int Count, byte[] Payload)> _log = [];
    private readonly HashSet<(long, int)> _entryKeys = [];

    public long Epoch { get; set; }

    public long EffectsPosition { get; set; }

    public long StatePosition { get; set; }

    public long StateNowMs { get; set; }

    public long Head { get; private set; }

    public Dictionary<int, StoredPage> Pages { get; } = [];

    public Dictionary<int, byte[]> Loose { get; } = [];

    public Dictionary<DayKey, DayRow> Days { get; } = [];

    public Dictionary<long, int> Quarantined { get; } = [];

    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>Where each account stands by the ledger.</summary>
    public Dictionary<int, Domain.Money> Ledger { get; } = [];

    public List<EventEffect> Events { get; } = [];

    public List<NoticeEffect> Notices { get; } = [];

    public Dictionary<long, CommandOutcome> Outcomes { get; } = [];

    /// <summary>Every record that was ever appended, however much of the log was trimmed since.</summary>
    public IReadOnlyList<(long First, int Count, byte[] Payload)> WholeLog => _log;

    public long TrimmedBefore { get; set; }

    public void Add(long first, int count, byte[] payload)
    {
        SimCheck.That(first == Head, $"A record was written at {first} where the log ends at {Head}.");
        _log.Add((first, count, payload));
        Head += count;
    }

    public LogBatch? Read(int partition, long from, int rowsMax)
    {
        var entries = new List<LogEntry>();
        foreach (var (first, count, payload) in _log.Where(r => r.First + r.Count > from && r.First >= TrimmedBefore).Take(rowsMax))
        {
            LogFraming.Read(payload, first, count, entries);
        }

        entries.RemoveAll(e => e.FirstPosition + e.Count <= from);
        return LogReading.Batch(partition, entries, timeline: 0);
    }

    /// <summary>Keeps effects; the same twice, or from below where they stand, is what must never happen.</summary>
    public void Keep(Effects effects)
    {
        foreach (var entry in effects.Entries)
        {
            SimCheck.That(_entryKeys.Add((entry.Position, entry.Sequence)), $"Entry {entry.Position}.{entry.Sequence} was written twice.");
            SimCheck.That(entry.Balance == Ledger.GetValueOrDefault(entry.Account) + entry.Amount,
                $"Entry {entry.Position}.{entry.Sequence} leaves account {entry.Account} at {entry.Balance}, which was at "
                    + $"{Ledger.GetValueOrDefault(entry.Account)} and moves by {entry.Amount}.");
            Ledger[entry.Account] = entry.Balance;
        }

        Entries.AddRange(effects.Entries);
        Events.AddRange(effects.Events);
        Notices.AddRange(effects.Notices);
        effects.Outcomes.ForEach(o => Outcomes[o.Position] = o);
    }
}
