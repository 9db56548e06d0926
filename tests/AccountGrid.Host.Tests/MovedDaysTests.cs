using System.Globalization;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>What an account is charged for, shown by day, while its meters move and are exchanged: at every moment, not only once days have closed.</summary>
public sealed class MovedDaysTests(GridFixture grid)
{
    private const int Steps = 45;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_draw_of_moves_and_exchanges_the_days_sum_to_what_is_charged(int seed)
    {
        var random = new Random(seed);
        var accounts = await OpenAccountsAsync(seed);
        var meters = accounts.Take(3).Select(a => new Device(a)).ToList();
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(random, accounts, meters, $"{seed}-{step}");
            foreach (var account in accounts)
            {
                await AssertAgreesAsync(account, $"seed {seed}, step {step}");
            }
        }

        await AssertMetersAgreeAsync(accounts, meters);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Days_before_a_move_and_before_an_exchange_are_shown_while_they_are_open()
    {
        var (from, same, other) = await NeighboursAsync("MD");
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("MD-M", "G1", from, Start));
        await grid.PushAsync(("MD-M", At(2), 1_000));
        await MoveAsync("MD-M", same, 3, 1_500);
        await grid.PushAsync(("MD-M", At(4), 2_000));
        await MoveAsync("MD-M", other, 5, 2_600);
        await grid.PushAsync(("MD-M", At(6), 3_000));
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Post, "/v1/meters/MD-M/exchange", new ExchangeMeterRequest("MD-N", Start.AddHours(7), 4_000, 0))).Status);
        await grid.PushAsync(("MD-N", At(8), 700));
        foreach (var (account, wh) in new[] { (from, 1_500L), (same, 1_100L), (other, 2_100L) })
        {
            await grid.BalanceAsync(account, string.Create(CultureInfo.InvariantCulture, $"-{wh / 2000m:0.000}"));
            var explained = await AssertAgreesAsync(account, account);
            Assert.Equal(wh, explained.Days.Sum(d => d.ByRate.Values.Sum()));
        }

        // One local day, three accounts: one of them in another partition.
        var days = await grid.Admin.ListAsync<ExplainDay>("/v1/meters/MD-M/days");
        Assert.Equal([1_500L, 1_100L, 1_400L], days.Select(d => d.ByRate.Values.Sum()));
        Assert.All(days, d => Assert.Equal(("2026-03-01", false), (d.Day, d.Closed)));

        // Back to its first account on the same day: a second time of its own.
        await MoveAsync("MD-N", from, 9, 1_000);
        await grid.PushAsync(("MD-N", At(10), 1_250));
        await grid.BalanceAsync(from, "-0.875");
        Assert.Equal(1_750, (await AssertAgreesAsync(from, from)).Days.Sum(d => d.ByRate.Values.Sum()));
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task An_exception_that_one_partition_raised_is_resolved_where_the_meter_is_now()
    {
        var (from, _, other) = await NeighboursAsync("MX");
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("MX-M", "G1", from, Start));
        await PushAsync(6, 2_000, "estimated");
        await PushAsync(6, 2_100, "estimated");
        await ConflictsAsync(2_100);
        await MoveAsync("MX-M", other, 3, 1_500);
        await PushAsync(6, 2_200, "estimated");
        await ConflictsAsync(2_200);
        await PushAsync(6, 2_300, "valid");
        await ConflictsAsync();

        Task<BatchAnswer> PushAsync(double hours, long wh, string quality) =>
            grid.Admin.PushAsync(Encoding.UTF8.GetBytes($$"""{"meter":"MX-M","ts":"{{At(hours)}}","value":{{wh}},"q":["{{quality}}"]}"""));

        Task ConflictsAsync(params long[] values) => Eventually.GetAsync(
            async () =>
                (await grid.Admin.GetAsync<Page<ExceptionAnswer>>("/v1/exceptions?meter=MX-M&code=reading.conflict")).Data.Select(e => e.ValueWh).ToList(),
            found => found.SequenceEqual(values), $"Conflicts with the values {string.Join(", ", values)}");
    }

    private async Task StepAsync(Random random, IReadOnlyList<string> accounts, List<Device> meters, string name)
    {
        var device = meters[random.Next(meters.Count)];
        switch (random.Next(9))
        {
            case < 5:
                device.Hours += random.Next(1, 20);
                device.Wh += random.Next(0, 3_000);
                var late = random.Next(4) == 0 ? random.Next(1, 30) : 0;
                await grid.PushAsync((device.Id, At(device.Hours - late - 0.5), Math.Max(0, device.Wh - (late * 60))),
                    (device.Id, At(device.Hours), device.Wh));
                break;
            case < 7:
                var at = device.Hours - random.Next(-5, 12);
                await TryAsync($"/v1/meters/{device.Id}/assignments", new AssignMeterRequest(accounts[random.Next(accounts.Count)], Start.AddHours(at)));
                device.Hours = Math.Max(device.Hours, at);
                break;
            case 7:
                device.Hours += 2;
                var next = $"{device.Id[..4]}{name}";
                if (await TryAsync($"/v1/meters/{device.Id}/exchange", new ExchangeMeterRequest(next, Start.AddHours(device.Hours), device.Wh, 0)))
                {
                    meters.Add(new Device(next) { Hours = device.Hours });
                    device.IsGone = true;
                }

                break;
            default:
                grid.Time.Shift(TimeSpan.FromMinutes(30));
                await grid.SweepAsync();
                await grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
                break;
        }

        if (device.IsGone && meters.Count(m => !m.IsGone) > 0)
        {
            meters.Remove(device);
            meters.Insert(0, meters[^1]);
            meters.RemoveAt(meters.Count - 1);
            _gone.Add(device);
        }
    }

    private readonly List<Device> _gone = [];

    private async Task<bool> TryAsync(string path, object body)
    {
        var status = (await grid.SendAsync(HttpMethod.Post, path, body)).Status;
        Assert.True(status is 200 or 409 or 422, $"{path} answered {status}");
        return status == 200;
    }

    private async Task<ExplainAnswer> AssertAgreesAsync(string account, string when)
    {
        var explained = await grid.Admin.GetAsync<ExplainAnswer>($"/v1/accounts/{account}/explain");
        var wh = explained.Days.Sum(d => d.ByRate.Values.Sum());
        Assert.True(explained.Agrees && Amount(explained.Charged) == wh * 0.0005m,
            $"{when}: {account} is charged {explained.Charged}, its {explained.Days.Count} days have {wh} Wh, agrees: {explained.Agrees}");
        return explained;
    }

    private async Task AssertMetersAgreeAsync(IReadOnlyList<string> accounts, List<Device> meters)
    {
        async Task<(long ByAccount, long ByMeter)> SumsAsync()
        {
            var (byAccount, byMeter) = (0L, 0L);
            foreach (var account in accounts)
            {
                byAccount += (await grid.Admin.GetAsync<ExplainAnswer>($"/v1/accounts/{account}/explain")).Days.Sum(d => d.ByRate.Values.Sum());
            }

            foreach (var meter in meters.Concat(_gone))
            {
                byMeter += (await grid.Admin.ListAsync<ExplainDay>($"/v1/meters/{meter.Id}/days")).Sum(d => d.ByRate.Values.Sum());
            }

            return (byAccount, byMeter);
        }

        // What was passed on from one partition to another is on its way for a moment.
        await Eventually.GetAsync(SumsAsync, s => s.ByAccount == s.ByMeter && s.ByAccount > 0, "Days of accounts and days of meters with the same energy");
    }

    private async Task<IReadOnlyList<string>> OpenAccountsAsync(int seed)
    {
        var (first, second, third) = await NeighboursAsync($"MV{seed}");
        await OpenAsync($"MV{seed}-LAST");
        foreach (var account in new[] { first, second, third })
        {
            await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(account, "G1", account, Start));
        }

        return [first, second, third, $"MV{seed}-LAST"];
    }

    /// <summary>Three accounts: two in one partition, the third in another.</summary>
    private async Task<(string First, string Same, string Other)> NeighboursAsync(string name)
    {
        var partitions = grid.Host.Services.GetRequiredService<AccountPartitions>();
        var first = $"{name}-0";
        var ids = Enumerable.Range(1, 400).Select(i => $"{name}-{i}").ToList();
        var same = ids.First(i => partitions.OfKey(i) == partitions.OfKey(first));
        var other = ids.First(i => partitions.OfKey(i) != partitions.OfKey(first));
        foreach (var id in new[] { first, same, other })
        {
            await OpenAsync(id);
        }

        return (first, same, other);
    }

    private Task OpenAsync(string id) =>
        grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));

    private async Task MoveAsync(string meter, string account, double hours, long wh) =>
        await grid.Admin.PostAsync<MeterAnswer>($"/v1/meters/{meter}/assignments", new AssignMeterRequest(account, Start.AddHours(hours), wh));

    private static string At(double hours) => Start.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Device(string id)
    {
        public string Id { get; } = id;

        public int Hours { get; set; }

        public long Wh { get; set; }

        public bool IsGone { get; set; }
    }
}
