using AccountGrid.Host.Tests.OperatorConsole;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The system's Chromium, started when the first test asks for it and ended with the tests.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    /// <summary>Debian's package; another one by <c>ACCOUNTGRID_CHROMIUM</c>.</summary>
    private static readonly string Executable = Environment.GetEnvironmentVariable("ACCOUNTGRID_CHROMIUM") ?? "/usr/bin/chromium";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_browser is null)
            {
                Assert.True(File.Exists(Executable), $"{Executable} is missing: install the package chromium, or name another by ACCOUNTGRID_CHROMIUM.");
                _playwright = await Playwright.CreateAsync();
                _browser = await _playwright.Chromium.LaunchAsync(new()
                {
                    ExecutablePath = Executable,
                    Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync"],
                });
            }

            return _browser;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }
}
