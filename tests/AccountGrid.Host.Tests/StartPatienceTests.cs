using AccountGrid.Host.Hosting;

namespace AccountGrid.Host.Tests;

/// <summary>A process that starts while the silos it asks are just dying.</summary>
public sealed class StartPatienceTests
{
    [Fact]
    public async Task A_grain_without_a_home_is_asked_again_and_any_other_error_is_not()
    {
        var asked = 0;
        Assert.Equal("key",
            await GridHost.AskAsync(() => ++asked < 3 ? throw new SiloUnavailableException("gone") : Task.FromResult("key"), TimeSpan.FromMinutes(1),
                TimeProvider.System));
        Assert.Equal(3, asked);
        await Assert.ThrowsAsync<FormatException>(
            () => GridHost.AskAsync<string>(() => asked++ < 0 ? Task.FromResult("") : throw new FormatException("wrong"), TimeSpan.FromMinutes(1),
                TimeProvider.System));
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_grain_that_gets_no_home_ends_the_start_with_what_it_said() =>
        Assert.Equal("gone",
            (await Assert.ThrowsAsync<SiloUnavailableException>(
                () => GridHost.AskAsync<string>(() => throw new SiloUnavailableException("gone"), TimeSpan.FromMilliseconds(300),
                    TimeProvider.System))).Message);
}
