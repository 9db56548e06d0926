using AccountGrid.Domain;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Cli;

/// <summary>What a pack decided for one account between two days.</summary>
internal sealed record PolicyOutcome
{
    public List<string> Notices { get; } = [];

    public long LateFeesNano { get; set; }

    public int CutsPlanned { get; set; }

    public Stage Worst { get; set; }

    public bool SameAs(PolicyOutcome other) =>
        LateFeesNano == other.LateFeesNano && CutsPlanned == other.CutsPlanned && Worst == other.Worst && Notices.SequenceEqual(other.Notices);

    public override string ToString() => $"{Notices.Count} messages, late fees {new Money(LateFeesNano)}, {CutsPlanned} cuts planned, worst stage {Worst}";
}
