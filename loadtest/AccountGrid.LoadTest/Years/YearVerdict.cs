namespace AccountGrid.LoadTest.Years;

/// <summary>What the rules of a year have found: what is wrong, and how often each thing was seen at all.</summary>
internal sealed class YearVerdict(YearGrid grid, YearRun run)
{
    private readonly SortedDictionary<string, int> _seen = new(StringComparer.Ordinal);

    public YearGrid Grid => grid;

    public long EndMs => run.EndMs;

    public List<string> Violations { get; } = [];

    public IReadOnlyDictionary<string, int> Seen => _seen;

    public void Violate(AccountRecord record, string what) =>
        Violations.Add($"account {record.Person.Number} ({record.Pack.Id}, {record.Person.Mode}, {record.Person.Manner}): {what}");

    public void Count(string what, int by = 1) => _seen[what] = _seen.GetValueOrDefault(what) + by;
}
