using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;


namespace AccountGrid.Host.Tests;

public sealed class GridOptionsTests
{
    [Theory]
    [InlineData("EffectsRowsMax", "0", "between 1 and 1000000")]
    [InlineData("RegistrationLagMax", "0", "between 1 and 10000000")]
    [InlineData("Partitions", "40000", "between 1 and 32767")]
    [InlineData("StatePeriodSeconds", "-1", "between 1 and 86400")]
    [InlineData("LogRetainHours", "-0.5", "between 0 and 1000000")]
    public async Task A_setting_out_of_its_range_stops_the_start_before_anything_is_made(string name, string value, string right)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
        var refused = await Assert.ThrowsAsync<StartException>(
            () => GridHost.StartAsync(new StartOptions(folder, "http://127.0.0.1:0", [$"--Grid:{name}={value}"], Quiet: true), _ => { }));
        Assert.Contains($"Grid__{name} is {value}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(right, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "postgres")));
    }

    [Theory]
    [InlineData("Log:LagMax", "0", "Log__LagMax is 0", "between 1 and 1000000000")]
    [InlineData("Log:LagMx", "5", "Log", "'LagMx'")]
    [InlineData("Grid:Partitons", "64", "Grid", "'Partitons'")]
    [InlineData("Security:StreamsPerKey", "0", "Security__StreamsPerKey is 0", "between 1 and 1000000")]
    [InlineData("Notices:Smtp:Port", "70000", "Notices__Smtp__Port is 70000", "between 1 and 65535")]
    [InlineData("Notices:Smtp:Security", "ssl", "Notices__Smtp__Security is ssl", "starttls, tls or none")]
    public async Task A_setting_of_any_section_that_is_unknown_or_out_of_its_range_stops_the_start_with_one_line(string name, string value, string named,
        string right)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
        var refused = await Assert.ThrowsAsync<StartException>(
            () => GridHost.StartAsync(new StartOptions(folder, "http://127.0.0.1:0", [$"--{name}={value}"], Quiet: true), _ => { }));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains(right, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AccountGrid.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.False(Directory.Exists(Path.Combine(folder, "postgres")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://127.0.0.1:0;ftp")]
    public async Task An_address_that_is_none_stops_the_start_with_one_line(string urls)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
        var refused = await Assert.ThrowsAsync<StartException>(() => GridHost.StartAsync(new StartOptions(folder, urls, Quiet: true), _ => { }));
        Assert.Matches("^urls: '(nonsense|ftp)' is not an address such as http://127.0.0.1:5080\\.$", refused.Message);
        Assert.False(Directory.Exists(Path.Combine(folder, "postgres")));
    }

    [Theory]
    [InlineData("Grid:Partitions", "many")]
    [InlineData("Grid:DatabaseWaitSeconds", "1 minute")]
    public async Task A_setting_that_cannot_be_read_is_named_with_its_value(string name, string value)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
        var refused = await Assert.ThrowsAsync<StartException>(
            () => GridHost.StartAsync(new StartOptions(folder, "http://127.0.0.1:0", [$"--{name}={value}"], Quiet: true), _ => { }));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
