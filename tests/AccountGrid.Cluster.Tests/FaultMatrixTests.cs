using AccountGrid.LoadTest.Faults;

namespace AccountGrid.Cluster.Tests;

/// <summary>
/// The crash matrix's short part, on one grid of three silos in the test build: each case strikes, heals, and is judged from what the clients were told. The
/// last one also runs the audit. The verb <c>faults</c> runs all cases, and pairs of them.
/// </summary>
public sealed class FaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
{
    public static TheoryData<string> Cases => [.. FaultCases.Short.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_is_lost_doubled_or_wrong(string name)
    {
        var result = await matrix.TryAsync(name);
        Assert.Null(result.Vacuous);
        Assert.True(result.Verdict.IsClean,
            $"lost {result.Verdict.Lost}, doubled {result.Verdict.Doubled}, wrong {result.Verdict.Wrong}\n{string.Join('\n', result.Verdict.Findings)}");
    }
}
