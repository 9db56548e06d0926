using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cli;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>The same day of data comes to the same money, whichever way it is sent.</summary>
public sealed class SameDayTests(GridFixture grid)
{
    [Fact]
    public async Task A_day_through_http_and_each_format_gives_equal_balances()
    {
        await OpenAsync("SD0");
        await grid.Admin.PushAsync(Encoding.UTF8.GetBytes(DayOfData.Ndjson("SD0")));
        var http = await ChargedAsync("SD0");
        var files = new (string Meter, string Text, string Mapping)[]
        {
            ("SD1", DayOfData.Intervals("SD1"), "{}"), ("SD2", DayOfData.Csv("SD2"), DayOfData.CsvMapping),
            ("SD3", DayOfData.Wide("SD3"), DayOfData.WideMapping),
            ("SD4", DayOfData.Nem12("SD4"), "{}"), ("SD5", DayOfData.Cim("SD5"), "{}"), ("SD6", DayOfData.Espi("SD6"), "{}"),
            ("SD7", DayOfData.P1("SD7"), """{"zone":"Etc/GMT-10","p1Registers":"total"}"""),
        };
        foreach (var (meter, text, mapping) in files)
        {
            await OpenAsync(meter);
            Assert.True((await ReplayAsync(text, mapping)).IsWhole, meter);
            Assert.Equal(http, await ChargedAsync(meter));

            // Again it is nothing.
            Assert.True((await ReplayAsync(text, mapping)).IsWhole, meter);
            Assert.Equal(http, await ChargedAsync(meter));
        }
    }

    private Task OpenAsync(string id) => OpenAsync(grid, id);

    /// <summary>An account with a meter whose register stands at the day's beginning.</summary>
    internal static async Task OpenAsync(GridFixture grid, string id)
    {
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest(id, "G1", id, DayOfData.Start, DayOfData.StartWh, IntervalSeconds: DayOfData.StepMs / 1000));
    }

    private async Task<ReplaySummary> ReplayAsync(string text, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var mapping = MeterFileMappings.Read(Encoding.UTF8.GetBytes(json)).Mapping!;
        var content = MeterFileFormats.Read(new MeterFileSource(() => new MemoryStream(bytes)), null, mapping);
        Assert.Empty(content.Errors);
        return await new Replay(grid.Admin, MeterPlan.Of(content), new ReplayOptions(), TimeProvider.System).RunAsync();
    }

    private async Task<(string Amount, long ChargedWh, long RegisterWh)> ChargedAsync(string id)
    {
        var meter = await Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{id}"), m => m.ChargedWh == DayOfData.Sum && m.HeldWh == 0,
            $"{DayOfData.Sum} Wh charged of {id}");
        return ((await grid.Admin.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance")).Amount, meter.ChargedWh, meter.RegisterWh);
    }
}
