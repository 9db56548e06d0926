using AccountGrid.LoadTest.Faults;

namespace AccountGrid.Cluster.Tests;

/// <summary>The grid that the cases share; a case that leaves it dirty gets the others a new one.</summary>
public sealed class FaultMatrix : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private FaultRound? _round;
    private int _rounds;
    private int _left = FaultCases.Short.Count;

    internal async Task<CaseResult> TryAsync(string name)
    {
        _round ??= await FaultRound.StartAsync(Path.Combine(_folder.Path, $"round{++_rounds}"), Program, seed: 5);
        var result = await _round.TryAsync([FaultCases.Find(name)], seed: name.Length);
        TestContext.Current.SendDiagnosticMessage(FaultsCommand.Line(result, _round.History));
        if (--_left == 0 && result.Verdict.IsClean)
        {
            var (status, output) = await _round.AuditAsync();
            Assert.True(status == 0, output);
            Assert.True(_round.History is { Retried: > 0, Resent: > 0, GivenUp: > 0, Readings: > 1_000 }, "The clients never had to try again.");
        }

        if (!result.Verdict.IsClean)
        {
            await _round.DisposeAsync();
            _round = null;
        }

        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_round is not null)
        {
            await _round.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>The host's test build, which <c>tests/run</c> makes: it alone has failpoints.</summary>
    internal static string Program
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "AccountGrid.sln")))
            {
                root = root.Parent;
            }

            var program = Path.Combine(root?.FullName ?? "", "src/AccountGrid.Host/bin/Faults/net10.0/accountgrid.dll");
            return File.Exists(program)
                ? program
                : throw new InvalidOperationException("The test build is missing: dotnet build src/AccountGrid.Host -c Faults.");
        }
    }
}
