namespace AccountGrid.LoadTest.Faults;

/// <summary>What a judgement found.</summary>
internal sealed record Verdict(int Lost, int Doubled, int Wrong, IReadOnlyList<string> Findings)
{
    public bool IsClean => Lost + Doubled + Wrong == 0;

    public Verdict With(Verdict other) => new(Lost + other.Lost, Doubled + other.Doubled, Wrong + other.Wrong, [.. Findings, .. other.Findings.Take(20)]);
}
