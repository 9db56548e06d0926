using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>What paid which item, as the tables have it, compared with what the accounts say is open.</summary>
internal static class YearItems
{
    public static async Task<IReadOnlyList<string>> CheckAsync(YearGrid grid, IEnumerable<YearPerson> people)
    {
        var open = new Dictionary<(int Account, int Item), decimal>();
        await using (var command = grid.Database.CreateCommand(
            $"""
            select account, item, sum(case when credit = {ItemMove.Asked} then nano else -nano end)::numeric from item_move
            group by account, item having bool_or(credit = {ItemMove.Asked})
            """))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                open[(reader.GetInt32(0), reader.GetInt32(1))] = reader.GetDecimal(2);
            }
        }

        var byAccount = open.ToLookup(o => o.Key.Account, o => (o.Key.Item, Nano: o.Value));
        var wrong = open.Count == 0 ? new List<string> { "items: no item was asked for" } : [];
        foreach (var person in people)
        {
            var items = grid.StateOf(person.Partition).PeekAccount(person.Number)!.Customer!.Overdue.Book.Items.Where(i => i.IsAsked)
                .ToDictionary(i => i.Number, i => i.Open.Nano);
            var rows = byAccount[person.Number].ToDictionary(o => o.Item, o => o.Nano);
            wrong.AddRange(items.Keys.Union(rows.Keys).Where(i => items.GetValueOrDefault(i) != rows.GetValueOrDefault(i))
                .Select(i => $"items: {i} of account {person.Number}: {items.GetValueOrDefault(i)} nano are open, {rows.GetValueOrDefault(i)} by its rows"));
        }

        return wrong;
    }
}
