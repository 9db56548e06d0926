using AccountGrid.LoadTest.Faults;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Tests;

/// <summary>The tests are tested: a promise that is broken on purpose must be noticed. The quick layer here; the verb <c>sabotage</c> tries all.</summary>
public sealed class SabotageTests
{
    [Theory]
    [InlineData("simulate")]
    [InlineData("domain")]
    public async Task A_layer_notices_every_sabotage_that_is_named_for_it(string layer)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AccountGrid.sln")))
        {
            root = root.Parent;
        }

        var program = Path.Combine(root!.FullName, "loadtest/AccountGrid.LoadTest/bin/Faults/net10.0/accountgrid-load.dll");
        Assert.True(File.Exists(program), "The test build is missing: dotnet build loadtest/AccountGrid.LoadTest -c Faults.");
        var (status, output) = await ChildProcess.RunAsync(program, ["sabotage", "--layer", layer], new Dictionary<string, string>());
        Assert.True(status == 0, output);
        Assert.True(SabotageCommand.All.Count >= 34);
        Assert.All(SabotageCommand.All.Where(s => s.Layer[0] == layer), s => Assert.Contains($"{s.Switch} ", output, StringComparison.Ordinal));
    }
}
