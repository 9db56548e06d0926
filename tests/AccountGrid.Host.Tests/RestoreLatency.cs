using System.Globalization;

namespace AccountGrid.Host.Tests;

/// <summary>
/// A measurement, run by name: from a payment to the restore command at the gateway, with the periods that a grid has by default. Thirty customers are cut,
/// then each pays. <c>AccountGrid.Host.Tests -explicit only -class AccountGrid.Host.Tests.RestoreLatency</c>; about three minutes.
/// </summary>
public sealed class RestoreLatency(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task From_payment_to_restore_command()
    {
        var town = new CustomerGrid { Grid = new GridFixture { EffectsPeriodMs = 250 } };
        await town.InitializeAsync();
        await using (town)
        {
            var ids = Enumerable.Range(0, 30).Select(i => $"RL{i:00}").ToList();
            foreach (var (id, i) in ids.Select((id, i) => (id, i)))
            {
                await town.OpenAsync(id, "prepaid", "cn-residential", [], "form 7");
                await town.ContactAsync(id, "zh-CN", area: $"area {i % 3}");
                await town.PayAsync(id, "90");
            }

            await town.UntilAllAsync(ids, c => c.Relay == "CutPlanned", days: 20, whPerDay: 24_000);
            using var gateway = town.Grid.WithKey(town.GatewayKey);
            var cut = new Dictionary<string, int>();
            while (cut.Count < ids.Count)
            {
                foreach (var command in await town.CommandsAsync(gateway, wait: 5))
                {
                    cut[command.Meter] = command.Sequence;
                    await town.ReportAsync(gateway, command, "off");
                }
            }

            var times = new List<TimeSpan>();
            foreach (var id in ids)
            {
                var waiting = town.NextAsync(gateway, id, after: cut[id]);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(500)), TimeProvider.System);
                var paid = TimeProvider.System.GetTimestamp();
                await town.PayAsync(id, "300");
                var restore = await waiting;
                times.Add(TimeProvider.System.GetElapsedTime(paid));
                await town.ReportAsync(gateway, restore, "on");
            }

            times.Sort();
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"{times.Count} payments to restore commands: median {times[times.Count / 2].TotalMilliseconds:0} ms, longest "
                        + $"{times[^1].TotalMilliseconds:0} ms"));
            Assert.Equal(ids.Count, times.Count);
        }
    }
}
