using System.Globalization;
using AccountGrid.LoadTest.Driving;
using Npgsql;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// Compares what the clients were told with what the database and the API say, by statements of its own. The clients rest while it looks. What a client does
/// not know may be there once or not at all.
/// </summary>
internal sealed class FaultJudge(FaultGrid grid, FaultHistory history)
{
    /// <summary>How long acknowledged work may still be on its way once everything runs again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Dictionary<int, (long Position, string Print)> _prints = [];
    private readonly ChannelJudge _channels = new(grid, history);

    public async Task<Verdict> JudgeAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Verdict verdict;
            try
            {
                verdict = (await LookAsync()).With(await _channels.LookAsync());
            }
            catch (Exception e) when (e is NpgsqlException or IOException or HttpRequestException or TaskCanceledException
                && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // The judge's own connections were struck with the others; or a silo is just coming back.
                await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
                continue;
            }

            if (verdict.IsClean || TimeProvider.System.GetElapsedTime(began) > Patience || verdict.Doubled > 0 || !history.Impossible.IsEmpty)
            {
                await RememberAsync();
                return verdict;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        }
    }

    private async Task<Verdict> LookAsync()
    {
        var (lost, doubled, wrong, findings) = (0, 0, 0, new List<string>());
        void Find(ref int count, string what)
        {
            count++;
            if (findings.Count < 20)
            {
                findings.Add(what);
            }
        }

        foreach (var impossible in history.Impossible)
        {
            Find(ref wrong, impossible);
        }

        var entries = await PaymentsAsync();
        foreach (var payment in history.Payments.Values)
        {
            var found = entries.GetValueOrDefault(payment.Reference);
            if (found.Count > 1)
            {
                Find(ref doubled, $"{payment.Reference}: booked {found.Count} times");
            }
            else if (found.Count == 1 && found.Sum != payment.Amount)
            {
                Find(ref wrong, $"{payment.Reference}: {found.Sum} was booked, {payment.Amount} paid");
            }
            else if (found.Count == 0 && payment.Outcome == Outcome.Taken)
            {
                Find(ref lost, $"{payment.Reference}: acknowledged and not booked");
            }
            else if (found.Count == 1 && payment.Outcome == Outcome.Refused)
            {
                Find(ref wrong, $"{payment.Reference}: refused and booked");
            }
        }

        foreach (var stranger in entries.Keys.Where(r => !history.Payments.ContainsKey(r) && !history.ChannelPayments.ContainsKey(r)))
        {
            Find(ref wrong, $"'{stranger}': booked, and nobody paid it");
        }

        using var api = new GridApi([grid.Urls[0]], grid.Key, TimeSpan.FromSeconds(30));
        var balances = (await api.BalancesAsync([.. history.Meters.Select(m => m.Account)], default)).Data.ToDictionary(b => b.Account);
        var existing = entries.Keys.ToHashSet();
        foreach (var meter in history.Meters)
        {
            if (!balances.TryGetValue(meter.Account, out var balance))
            {
                Find(ref lost, $"{meter.Account}: not there");
                continue;
            }

            if (balance.HeldWh != 0 || !meter.MayBe(balance.ChargedWh))
            {
                Find(ref balance.ChargedWh < meter.TakenWh ? ref lost : ref wrong,
                    $"{meter.Id}: {meter.TakenWh} Wh were acknowledged, {balance.ChargedWh} are charged and {balance.HeldWh} held");
            }

            var expected = history.PaidOf(meter.Account, existing) - (balance.ChargedWh * FaultHistory.PricePerKwh / 1000m);
            if (decimal.Parse(balance.Amount, CultureInfo.InvariantCulture) != expected)
            {
                Find(ref wrong, $"{meter.Account}: the balance must be {expected} but is {balance.Amount}");
            }
        }

        foreach (var (account, crossings) in history.Crossings)
        {
            var messages = history.Messages.Keys.Count(m => m.Account == account);
            if (messages < crossings)
            {
                Find(ref lost, $"{account}: {crossings} crossings, {messages} messages");
            }
            else if (messages > crossings)
            {
                Find(ref doubled, $"{account}: {crossings} crossings, {messages} different messages");
            }
        }

        foreach (var (partition, (position, print)) in _prints)
        {
            if (await PrintAsync(partition, position) != print)
            {
                Find(ref wrong, $"Entries of partition {partition} up to {position} were changed afterwards");
            }
        }

        return new Verdict(lost, doubled, wrong, findings);
    }

    private async Task<Dictionary<string, (int Count, decimal Sum)>> PaymentsAsync()
    {
        await using var command =
            grid.Database.CreateCommand("select coalesce(reference, ''), count(*)::int, sum(amount_nano) / 1e9 from entry where kind = 'payment' group by 1");
        await using var reader = await command.ExecuteReaderAsync();
        var found = new Dictionary<string, (int, decimal)>();
        while (await reader.ReadAsync())
        {
            found[reader.GetString(0)] = (reader.GetInt32(1), reader.GetDecimal(2));
        }

        return found;
    }

    /// <summary>What stands in the ledger now must stand there for ever.</summary>
    private async Task RememberAsync()
    {
        var heads = new Dictionary<int, long>();
        await using (var command = grid.Database.CreateCommand("select partition, max(position) from entry group by partition"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                heads[reader.GetInt32(0)] = reader.GetInt64(1);
            }
        }

        foreach (var (partition, position) in heads)
        {
            _prints[partition] = (position, await PrintAsync(partition, position));
        }
    }

    private async Task<string> PrintAsync(int partition, long position)
    {
        await using var command =
            grid.Database.CreateCommand(
                "select coalesce(md5(string_agg(e::text, '|' order by e.position, e.sequence)), '') from entry e where e.partition = $1 and e.position <= $2");
        command.Parameters.Add(new() { Value = partition });
        command.Parameters.Add(new() { Value = position });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
