using AccountGrid.Host.Client;
using AccountGrid.Host.Payments;
using Npgsql;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// Compares the channels' own books with the grid's: each payment, the accounts that were paid, the agent's float, what is in suspense, and each business day.
/// </summary>
internal sealed class ChannelJudge(FaultGrid grid, FaultHistory history)
{
    private enum Kind
    {
        Lost,
        Doubled,
        Wrong,
    }

    public async Task<Verdict> LookAsync()
    {
        var found = new List<(Kind Kind, string What)>();
        var payments = history.ChannelPayments.Values.ToList();
        var rows = await RowsAsync(
            "select txn, status, coalesce(amount_nano, 0) / 1e9 from channel_payment", r => (r.GetString(0), (r.GetString(1), r.GetDecimal(2))));
        var booked = await RowsAsync(
            "select reference, count(*)::numeric, sum(amount_nano) / 1e9 from entry e join account a on a.number = e.account "
            + "where a.id like 'CA%' and e.kind = 'payment' group by 1",
            r => (r.GetString(0), (r.GetDecimal(1), r.GetDecimal(2))));
        foreach (var p in payments)
        {
            var row = rows.GetValueOrDefault(p.Txn, ("absent", 0m));
            var entry = booked.GetValueOrDefault(p.Txn);
            if (row.Item1 != p.Status || (p.Status != "closed" && row.Item2 != p.Amount))
            {
                found.Add((p.Status is "accepted" or "held" ? Kind.Lost : Kind.Wrong, $"{p.Txn}: {p.Status} {p.Amount} by its channel, {row} by the grid"));
            }

            var isBooked = p.Status == "accepted" || (p.Status == "reversed" && !p.IsForNobody);
            if (entry != (isBooked ? (1m, p.Amount) : default))
            {
                found.Add((
                    entry.Item1 > 1 ? Kind.Doubled : isBooked ? Kind.Lost : Kind.Wrong, $"{p.Txn}: {p.Status}, and {entry.Item1} entries with {entry.Item2}"));
            }
        }

        found.AddRange(booked.Keys.Concat(rows.Keys).Where(t => !history.ChannelPayments.ContainsKey(t)).Distinct()
            .Select(t => (Kind.Wrong, $"{t}: no channel knows it")));
        await AddBalancesAsync(payments, found);
        await AddDaysAsync(payments, found);
        return new(Count(Kind.Lost), Count(Kind.Doubled), Count(Kind.Wrong), [.. found.Select(f => f.What)]);

        int Count(Kind kind) => found.Count(f => f.Kind == kind);
    }

    private async Task AddBalancesAsync(List<ChannelPaymentMade> payments, List<(Kind, string)> found)
    {
        var sums = await RowsAsync(
            "select a.id, sum(e.amount_nano) / 1e9 from entry e join account a on a.number = e.account "
            + "where a.id like 'CA%' or a.id like '%/fault-%' group by 1",
            r => (r.GetString(0), r.GetDecimal(1)));
        var sold = payments.Where(p => p.Status == "accepted" && p.Agent is not null).Sum(p => p.Amount);
        var floated = history.Deposits.Values.Sum() - sold + (sold * ChannelSeat.CommissionPercent / 100m);
        var expected = payments.Where(p => p.Status == "accepted").GroupBy(p => p.Account).Select(g => (g.Key, g.Sum(p => p.Amount)))
            .Append((InternalAccounts.FloatOf(ChannelSeat.Shop), floated))
            .Append((InternalAccounts.SuspenseOf(ChannelSeat.Bank), payments.Where(p => p.Status == "held").Sum(p => p.Amount)))
            .ToDictionary(e => e.Item1, e => e.Item2);
        found.AddRange(expected.Keys.Concat(sums.Keys).Distinct()
            .Where(id => expected.GetValueOrDefault(id) != sums.GetValueOrDefault(id))
            .Select(id => (Kind.Wrong, $"{id}: {expected.GetValueOrDefault(id)} by the channels' books, {sums.GetValueOrDefault(id)} in the ledger")));
        if (floated < 0)
        {
            found.Add((Kind.Wrong, $"The float stands at {floated}, and its limit is 0."));
        }
    }

    /// <summary>What each channel would be told of its business days.</summary>
    private async Task AddDaysAsync(List<ChannelPaymentMade> payments, List<(Kind, string)> found)
    {
        foreach (var seat in history.Seats.DistinctBy(s => s.Channel))
        {
            using var client = new GridClient(grid.Urls[0], seat.Key);
            foreach (var day in payments.Where(p => p.Channel == seat.Channel).GroupBy(p => p.Day))
            {
                var answer = await client.GetAsync<ChannelDayAnswer>($"/v1/channel/days/{day.Key:yyyy-MM-dd}");
                var theirs = answer.ByStatus.Where(s => s.Status is "open" or "accepted" or "held" or "reversed")
                    .Select(s => (s.Status, s.Count, decimal.Parse(s.Amount, System.Globalization.CultureInfo.InvariantCulture))).Order();
                var own = day.Where(p => p.Status is "accepted" or "held" or "reversed").GroupBy(p => p.Status!)
                    .Select(g => (g.Key, (long)g.Count(), g.Sum(p => p.Amount))).Order();
                if (!theirs.SequenceEqual(own))
                {
                    found.Add((
                        Kind.Wrong, $"{seat.Channel} {day.Key:yyyy-MM-dd}: {string.Join(' ', own)} by its books, {string.Join(' ', theirs)} by the grid's"));
                }
            }
        }
    }

    private async Task<Dictionary<string, T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, (string Key, T Value)> read)
    {
        await using var command = grid.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, T>();
        while (await reader.ReadAsync())
        {
            var (key, value) = read(reader);
            rows[key] = value;
        }

        return rows;
    }
}
