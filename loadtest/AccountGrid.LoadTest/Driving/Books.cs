using System.Globalization;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// Closes the books: the balance of every account, as the API gives it, against the tester's own model of what was accepted and paid. Energy of every
/// account; money of those whose meters' clocks are right, since a drifted interval's way over the rates is the grid's business.
/// </summary>
public sealed class Books(MeterFleet fleet, GridApi api, Probes probes, GatewayFaults faults, TimeProvider time)
{
    private const int AccountsAtOnce = 2_000;

    private const int NamedMax = 20;

    /// <param name="patience">An account is asked again for so long before it counts as wrong: acknowledged readings may still be on their way.</param>
    public async Task<BooksResult> CheckAsync(TimeSpan patience, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var open = Enumerable.Range(0, fleet.Options.Meters).Where(m => !fleet.IsLeftOut(m)).ToList();
        var checkedAccounts = open.Count;
        var money = 0;
        var differences = new List<string>();
        while (true)
        {
            differences.Clear();
            var wrong = new List<int>();
            foreach (var chunk in open.Chunk(AccountsAtOnce))
            {
                wrong.AddRange(await CheckAsync(chunk, differences, cancel));
            }

            money = money == 0 ? open.Count(IsMoneyChecked) : money;
            if (wrong.Count == 0 || time.GetElapsedTime(started) > patience)
            {
                return new BooksResult(checkedAccounts, money, wrong.Count, Enumerable.Range(0, fleet.Options.Meters).Sum(fleet.AcceptedWh),
                    [.. differences.Take(NamedMax)], fleet.Options.Meters - checkedAccounts);
            }

            open = wrong;
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancel);
        }
    }

    private async Task<List<int>> CheckAsync(int[] meters, List<string> differences, CancellationToken cancel)
    {
        var answer = await api.BalancesAsync([.. meters.Select(fleet.AccountId)], cancel);
        var byId = answer.Data.ToDictionary(b => b.Account);
        var wrong = new List<int>();
        foreach (var meter in meters)
        {
            var id = fleet.AccountId(meter);
            var energy = fleet.AcceptedWh(meter);
            var expected = probes.PaidOf(meter) - fleet.Charge(meter);
            var difference = !byId.TryGetValue(id, out var found) ? $"{id}: it is not there"
                : found.ChargedWh != energy || found.HeldWh != 0 ? $"{id}: {energy} Wh were accepted; {found.ChargedWh} are charged and {found.HeldWh} held"
                : IsMoneyChecked(meter) && decimal.Parse(found.Amount, CultureInfo.InvariantCulture) != expected
                ? $"{id}: the balance must be {expected} but is {found.Amount}"
                : null;
            if (difference is not null)
            {
                wrong.Add(meter);
                if (differences.Count < NamedMax)
                {
                    differences.Add(difference);
                }
            }
        }

        return wrong;
    }

    private bool IsMoneyChecked(int meter) => fleet.Options.Tariff.Rates == 1 || !faults.Drifts(meter / fleet.Options.PerGateway);
}
