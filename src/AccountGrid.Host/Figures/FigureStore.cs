using System.Text.Json;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Figures;

/// <summary>Statements of one transaction of the figures.</summary>
internal sealed class FigureStore(NpgsqlConnection connection, NpgsqlTransaction transaction, int partition)
{
    private static readonly Dictionary<string, EntryKind> Kinds = Enum.GetValues<EntryKind>().ToDictionary(EffectStatements.KindText);

    public async Task<FigurePosition> PositionAsync()
    {
        await using var command = Command(
            "insert into figure_partition (partition) values ($1) on conflict (partition) do update set partition = excluded.partition "
                + "returning position, recorded, closed_day", partition);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateOnly>(2).DayNumber);
    }

    /// <summary>The next rows in their order, whole positions only.</summary>
    /// <param name="after">Positions beyond this one.</param>
    /// <param name="through">And up to this one.</param>
    /// <param name="most">About so many; a position that alone has more is read whole.</param>
    public async Task<List<FigureSource>> RowsAsync(long after, long through, int most)
    {
        while (true)
        {
            var entries = await EntriesAsync(after, through, most);
            var events = await EventsAsync(after, through, most);

            // The last position of a full page may go on behind it.
            var last = Math.Min(Whole(entries, most), Whole(events, most));
            var whole = entries.Concat(events).Where(r => r.Position <= last).OrderBy(r => r.Position).ThenBy(r => r.Sequence).ToList();
            if (whole.Count > 0 || last == long.MaxValue)
            {
                return whole;
            }

            most *= 2;
        }
    }

    public async Task<Dictionary<int, FigureAccount>> AccountsAsync(IReadOnlyCollection<int>? numbers)
    {
        await using var command = Command(
            $"select facts from figure_account where partition = $1{(numbers is null ? "" : " and account = any($2)")}",
            numbers is null ? [partition] : [partition, numbers.ToArray()]);
        await using var reader = await command.ExecuteReaderAsync();
        var accounts = new Dictionary<int, FigureAccount>();
        while (await reader.ReadAsync())
        {
            var account = JsonSerializer.Deserialize<FigureAccount>(reader.GetString(0), EffectStatements.FactsJson)!;
            accounts.Add(account.Number, account);
        }

        return accounts;
    }

    /// <summary>The area of each account now; an account without one is left out.</summary>
    public async Task<Dictionary<int, string>> AreasAsync(IReadOnlyCollection<int> numbers)
    {
        await using var command = Command(
            "select account, area from contact where partition = $1 and account = any($2) and area is not null", partition, numbers.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var areas = new Dictionary<int, string>();
        while (await reader.ReadAsync())
        {
            areas.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return areas;
    }

    /// <summary>Areas as they were counted before a rebuild, from which position, in order.</summary>
    public async Task<ILookup<int, (long Position, string Area)>> RecordedAreasAsync(IReadOnlyCollection<int> numbers)
    {
        await using var command = Command(
            "select account, position, area from figure_area where partition = $1 and account = any($2) order by account, position", partition,
            numbers.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var areas = new List<(int Account, long Position, string Area)>();
        while (await reader.ReadAsync())
        {
            areas.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2)));
        }

        return areas.ToLookup(a => a.Account, a => (a.Position, a.Area));
    }

    /// <summary>Days that were ended by the clock before a rebuild, and after which position, in order.</summary>
    public async Task<List<(long Position, int Day)>> RecordedClosesAsync(long from, long to)
    {
        await using var command = Command(
            "select position, day from figure_close where partition = $1 and position >= $2 and position < $3 order by position, day", partition, from, to);
        await using var reader = await command.ExecuteReaderAsync();
        var closes = new List<(long, int)>();
        while (await reader.ReadAsync())
        {
            closes.Add((reader.GetInt64(0), reader.GetFieldValue<DateOnly>(1).DayNumber));
        }

        return closes;
    }

    /// <summary>Channels of payments, by their positions.</summary>
    public async Task<Dictionary<long, string>> ChannelsAsync(long[] positions)
    {
        var channels = new Dictionary<long, string>();
        if (positions.Length > 0)
        {
            await using var command = Command(
                "select position, event->>'channel' from account_event where partition = $1 and position = any($2) and event->>'type' = 'payment-taken'",
                partition, positions);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                channels[reader.GetInt64(0)] = reader.GetString(1);
            }
        }

        return channels;
    }

    public async Task<Dictionary<int, string>> CurrenciesAsync()
    {
        await using var command = Command("select number, definition->>'currency' from tariff");
        await using var reader = await command.ExecuteReaderAsync();
        var currencies = new Dictionary<int, string>();
        while (await reader.ReadAsync())
        {
            currencies.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return currencies;
    }

    public async Task SaveAsync(FigurePosition position, IReadOnlyCollection<FigureAccount> accounts, FigureSums sums)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Statements.Of(
            "update figure_partition set position = $2, recorded = $3, closed_day = $4 where partition = $1", partition, position.Position, position.Recorded,
            position.ClosedDay is { } closed ? DateOnly.FromDayNumber(closed) : DBNull.Value));
        batch.BatchCommands.Add(Statements.Of(
            "insert into figure_account (partition, account, facts) select $1, u.account, u.facts from unnest($2, $3) as u(account, facts) "
                + "on conflict (partition, account) do update set facts = excluded.facts",
            partition, accounts.Select(a => a.Number).ToArray(),
            new NpgsqlParameter
            {
                Value = accounts.Select(a => JsonSerializer.Serialize(a, EffectStatements.FactsJson)).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            }));
        AddSums(batch, "day", sums.All.Select(s => (s.Key, s.Value)));
        AddSums(batch, "month", sums.All.Where(s => !FigureNames.Standing.Contains(s.Key.Name))
            .GroupBy(s => s.Key with { Day = FirstOfMonth(s.Key.Day) }, s => s.Value).Select(g => (g.Key, g.Aggregate((a, b) => a + b))));
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Keeps which area counted from which position, and which days were ended by the clock, for a rebuild.</summary>
    public async Task RecordAsync(IReadOnlyCollection<(int Account, long Position, string Area)> areas, IReadOnlyCollection<(long Position, int Day)> closes)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Statements.Of(
            "insert into figure_area (partition, account, position, area) select $1, u.account, u.position, u.area from unnest($2, $3, $4) "
                + "as u(account, position, area)",
            partition, areas.Select(a => a.Account).ToArray(), areas.Select(a => a.Position).ToArray(), areas.Select(a => a.Area).ToArray()));
        batch.BatchCommands.Add(Statements.Of(
            "insert into figure_close (partition, day, position) select $1, u.day, u.position from unnest($2, $3) as u(day, position) "
                + "on conflict do nothing",
            partition, closes.Select(c => DateOnly.FromDayNumber(c.Day)).ToArray(), closes.Select(c => c.Position).ToArray()));
        await batch.ExecuteNonQueryAsync();
    }

    private static int FirstOfMonth(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return new DateOnly(date.Year, date.Month, 1).DayNumber;
    }

    private static void AddSums(NpgsqlBatch batch, string span, IEnumerable<(FigureKey Key, FigureSum Sum)> sums)
    {
        var rows = sums.ToList();
        batch.BatchCommands.Add(Statements.Of(
            """
            insert into figure as f (span, level, day, area, class, currency, name, detail, count, amount)
            select $1, l.level, u.day, case when l.level in (1, 3) then u.area else '' end, case when l.level in (2, 3) then u.class else -1 end, u.currency,
              u.name, u.detail, sum(u.count), sum(u.amount)
            from unnest($2::date[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::numeric[])
              as u(day, area, class, currency, name, detail, count, amount), generate_series(0, 3) as l(level)
            group by 1, 2, 3, 4, 5, 6, 7, 8
            on conflict (span, level, day, area, class, currency, name, detail)
              do update set count = f.count + excluded.count, amount = f.amount + excluded.amount
            """,
            span, rows.Select(r => DateOnly.FromDayNumber(r.Key.Day)).ToArray(), rows.Select(r => r.Key.Area).ToArray(),
            rows.Select(r => (short)r.Key.Class).ToArray(), rows.Select(r => r.Key.Currency).ToArray(), rows.Select(r => r.Key.Name).ToArray(),
            rows.Select(r => r.Key.Detail).ToArray(), rows.Select(r => r.Sum.Count).ToArray(), rows.Select(r => r.Sum.Amount).ToArray()));
    }

    private static long Whole(List<FigureSource> rows, int most) => rows.Count < most ? long.MaxValue : rows[^1].Position - 1;

    private async Task<List<FigureSource>> EntriesAsync(long after, long through, int most)
    {
        await using var command = Command(
            """
            select position, sequence, account, at_ms, kind, amount_nano, balance_nano from entry
            where partition = $1 and position > $2 and position <= $3 order by position, sequence limit $4
            """,
            partition, after, through, most);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<FigureSource>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), Kinds[reader.GetString(4)], reader.GetInt64(5),
                reader.GetInt64(6), null));
        }

        return rows;
    }

    private async Task<List<FigureSource>> EventsAsync(long after, long through, int most)
    {
        await using var command = Command(
            """
            select position, sequence, account, at_ms, event from account_event
            where partition = $1 and position > $2 and position <= $3 order by position, sequence limit $4
            """,
            partition, after, through, most);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<FigureSource>();
        while (await reader.ReadAsync())
        {
            var happened = StoredEvents.Read(reader.GetString(4));
            rows.Add(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), default, 0, 0, happened));
        }

        return rows;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        Statements.Add(command, values);
        return command;
    }
}
