namespace AccountGrid.LoadTest.Faults;

/// <summary>What a judgement found.</summary>
internal sealed record Verdict(int Lost, int Doubled, int Wrong, IReadOnlyList<string> Findings)
{
    public bool IsClean => Lost + Doubled + Wrong == 0;
}
