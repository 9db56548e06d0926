using System.Text.Json;
using AccountGrid.Host.Http;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.Gateways;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>Files that are put into a folder become balances, and lie beside a report afterwards.</summary>
public sealed class WatchedFolderTests : IAsyncLifetime
{
    private readonly TemporaryFolder _inbox = new();
    private GridFixture _grid = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_inbox.Path);
        _grid = new GridFixture { More = [$"--Files:Watched={_inbox.Path}", "--Files:WatchedGateway=G1", "--Files:WatchedStillSeconds=1"] };
        await _grid.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _grid.DisposeAsync();
        _inbox.Dispose();
    }

    [Fact]
    public async Task A_files_readings_are_taken_once_and_the_report_says_what_came_of_it()
    {
        await SameDayTests.OpenAsync(_grid, "WF1");
        await SameDayTests.OpenAsync(_grid, "WF2");
        Put("may 1.csv", DayOfData.Intervals("WF1"));
        var (file, report) = await MovedAsync("done", "may 1.csv");
        Assert.Equal(("done", "may 1.csv", 0, DayOfData.Count), (report.Status, report.Name, report.Result!.Refused, report.Result.Accepted));
        Assert.Equal(DayOfData.Intervals("WF1"), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await ChargedAsync("WF1");

        // Again, under the same name, with another meter's day beside it: the first changes nothing.
        Put("may 1.csv", DayOfData.Intervals("WF1"));
        Put("nem.csv", DayOfData.Nem12("WF2"));
        await MovedAsync("done", "nem.csv");
        await MovedAsync("done", "may 1.csv", 2);
        await ChargedAsync("WF1");
        await ChargedAsync("WF2");
        var trail = (await _grid.SendAsync(HttpMethod.Get, "/v1/audit?limit=100")).Body.GetProperty("data").EnumerateArray()
            .Where(r => r.GetProperty("path").GetString()!.StartsWith("/folder/", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, trail.Count);
        Assert.All(trail, r => Assert.Equal("folder", r.GetProperty("person").GetString()));
        await _grid.AssertAuditAsync();
    }

    [Fact]
    public async Task What_is_not_taken_whole_lies_in_failed_with_the_reason_and_nothing_is_read_too_early()
    {
        await SameDayTests.OpenAsync(_grid, "WF3");
        await _grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("WFG"));
        await _grid.Admin.PostAsync<object>("/v1/accounts", new Accounts.OpenAccountRequest("WF4", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await _grid.Admin.PostAsync<object>("/v1/meters", new InstallMeterRequest("WF4", "WFG", "WF4", DayOfData.Start, DayOfData.StartWh));
        Put("unfinished.csv.part", DayOfData.Intervals("WF3"));
        Put(".hidden", DayOfData.Intervals("WF3"));
        Put("cut.csv", DayOfData.Intervals("WF3")[..^2]);
        Put("empty.csv", "");
        Put("nothing.csv", "what is this?\n");
        Put("other gateway.csv", DayOfData.Intervals("WF4"));
        Put("row.csv", DayOfData.Intervals("WF3").Replace(",0.", ",x.", StringComparison.Ordinal));
        File.WriteAllBytes(_inbox.Of("large.csv"), new byte[(8 << 20) + 1]);
        File.CreateSymbolicLink(_inbox.Of("link.csv"), "/etc/hostname");
        foreach (var (name, status, detail) in new[]
        {
            ("cut.csv", "refused", "line end"), ("empty.csv", "refused", "not empty"), ("nothing.csv", "refused", "format"),
            ("other gateway.csv", "done", "not a meter that the grid knows"), ("row.csv", "done", "kwh"), ("large.csv", "refused", "gzip"),
            ("link.csv", "refused", "links are not followed"),
        })
        {
            var (_, report) = await MovedAsync("failed", name);
            Assert.Equal(status, report.Status);
            Assert.Contains(report.Result!.Errors, e => e.Detail.Contains(detail, StringComparison.Ordinal));
        }

        Assert.Equal(DayOfData.StartWh, (await _grid.Admin.GetAsync<MeterAnswer>("/v1/meters/WF4")).RegisterWh);
        Assert.Equal([".hidden", "unfinished.csv.part"], Directory.GetFiles(_inbox.Path).Select(Path.GetFileName).Order());

        // The writer gives it its name.
        File.Move(_inbox.Of("unfinished.csv.part"), _inbox.Of("finished.csv"));
        await MovedAsync("done", "finished.csv");
        await ChargedAsync("WF3");
    }

    /// <summary>While it goes on growing it is not read, whatever it holds so far.</summary>
    [Fact]
    public async Task A_file_that_grows_is_read_when_it_has_stopped()
    {
        await SameDayTests.OpenAsync(_grid, "WF5");
        var lines = DayOfData.Intervals("WF5").Split('\n');
        foreach (var line in lines[..^1])
        {
            await File.AppendAllTextAsync(_inbox.Of("slow.csv"), line + "\n", TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var (_, report) = await MovedAsync("done", "slow.csv");
        Assert.Equal(DayOfData.Count, report.Result!.Values);
        await ChargedAsync("WF5");
    }

    private void Put(string name, string text) => File.WriteAllText(_inbox.Of(name), text);

    private async Task<(string File, MeterFileAnswer Report)> MovedAsync(string outcome, string name, int times = 1)
    {
        var folder = _inbox.Of(outcome);
        var files = await Eventually.GetAsync(
            () => Task.FromResult(Directory.GetFiles(folder).Where(f => f.EndsWith($"-{name}", StringComparison.Ordinal)).Order().ToList()),
            f => f.Count >= times,
            $"{name} lies in {outcome}; there are {string.Join(' ', Directory.GetFiles(_inbox.Path, "*", SearchOption.AllDirectories))}");
        return (files[^1], JsonSerializer.Deserialize<MeterFileAnswer>(await File.ReadAllTextAsync($"{files[^1]}.json"), ApiJson.Options)!);
    }

    private Task ChargedAsync(string id) => Eventually.GetAsync(() => _grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{id}"),
        m => m.ChargedWh == DayOfData.Sum && m.HeldWh == 0, $"{DayOfData.Sum} Wh charged of {id}");
}
