using AccountGrid.Host.Database;
using AccountGrid.Host.Events;
using AccountGrid.Host.Partitions;
using AccountGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Host.Tests.Events;

/// <summary>The list of events over tables that are written as effects flushes write them.</summary>
public sealed class EventFeedTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Partitions = 3;
    private const string Opened = """{"type":"account-opened","accountId":"A","tariff":0,"mode":1,"openedDay":1,"levelsNano":[]}""";

    private readonly ShiftedTime _time = new();
    private readonly EventOptions _options = new();
    private NpgsqlDataSource _database = null!;
    private EventMarks _marks = null!;
    private EventFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(connection, Partitions);
        _database = PostgresDatabase.Open(connection);
        _marks = new EventMarks(_database, new GridOptions { Partitions = Partitions }, _options, _time, NullLogger<EventMarks>.Instance);
        _feed = new EventFeed(_database, _marks, NullLogger<EventFeed>.Instance);
        for (var p = 0; p < Partitions; p++)
        {
            await SqlAsync($"insert into partition (partition) values ({p}) on conflict do nothing");
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_flush_that_commits_late_is_not_passed_by_what_was_committed_before_it()
    {
        await using var late = await _database.OpenConnectionAsync();
        await using var held = await late.BeginTransactionAsync();
        await FlushAsync(late, 0, 10, (3, 0), (3, 1), (7, 0));

        // It began first, and others commit before it.
        await FlushAsync(1, 5, (1, 0));
        await FlushAsync(2, 9, (8, 0));
        var first = await ReadAsync(new EventCursor(Partitions));
        Assert.Equal(["1-1-0", "2-8-0"], Names(first));
        await FlushAsync(1, 6, (5, 0));
        var second = await ReadAsync(first.Next);
        Assert.Equal(["1-5-0"], Names(second));
        Assert.Empty((await ReadAsync(second.Next)).Events);

        await held.CommitAsync();
        var third = await ReadAsync(second.Next);
        Assert.Equal(["0-3-0", "0-3-1", "0-7-0"], Names(third));
        Assert.False(third.HasMore);
        Assert.Empty((await ReadAsync(third.Next)).Events);
    }

    /// <summary>A flush is seen whole or not at all: the reader's position and rows are of one moment.</summary>
    [Fact]
    public async Task Rows_beyond_the_position_of_their_partition_wait()
    {
        await FlushAsync(0, 4, (1, 0), (6, 0));
        var page = await ReadAsync(new EventCursor(Partitions));
        Assert.Equal(["0-1-0"], Names(page));
        await FlushAsync(0, 7, (5, 0));
        Assert.Equal(["0-5-0", "0-6-0"], Names(await ReadAsync(page.Next)));
    }

    /// <summary>Many entries and few events, in both tables, one record with many of them: no page leaves anything out or gives it twice.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Every_page_size_gives_everything_once_in_the_order_of_its_partition(int limit)
    {
        var random = new Random(215);
        var expected = new List<string>();
        for (var p = 0; p < Partitions; p++)
        {
            var rows = Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(0, i == 20 ? 60 : random.Next(4)).Select(s => ((long)i, s))).ToArray();
            await FlushAsync(p, 40, rows, isEntry: r => r.Sequence % 5 != 4);
            expected.AddRange(rows.Select(r => new EventPlace(p, r.Item1, r.s).ToString()));
        }

        var (cursor, seen) = (new EventCursor(Partitions), new List<string>());
        for (var more = true; more;)
        {
            var page = await ReadAsync(cursor, limit: limit);
            Assert.InRange(page.Events.Count, 0, limit);
            seen.AddRange(Names(page));
            (cursor, more) = (EventCursor.Parse(page.Next.ToText(Tag), Tag, Partitions)!, page.HasMore);
        }

        Assert.Equal(expected.Count, seen.Count);
        for (var p = 0; p < Partitions; p++)
        {
            bool IsOfPartition(string e) => e.StartsWith($"{p}-", StringComparison.Ordinal);
            Assert.Equal(expected.Where(IsOfPartition), seen.Where(IsOfPartition));
        }
    }

    /// <summary>More rows of another kind than a page looks at: empty pages lead to what is behind them.</summary>
    [Fact]
    public async Task A_rare_kind_behind_many_others_is_found_by_pages_that_may_be_empty()
    {
        await FlushAsync(0, 2_000, [.. Enumerable.Range(0, 1_999).Select(i => ((long)i, 0))], isEntry: _ => false);
        await SqlAsync(
            """
            insert into account_event (partition, position, sequence, account, at_ms, event)
            values (0, 1999, 0, 1, 5, '{"type":"account-closed","lastDay":7}')
            """);
        var filter = new EventFilter([EventCatalog.Find("account.closed")!], null);
        var (cursor, pages, seen) = (new EventCursor(Partitions), 0, new List<string>());
        for (var more = true; more; pages++)
        {
            var page = await ReadAsync(cursor, filter);
            seen.AddRange(Names(page));
            (cursor, more) = (page.Next, page.HasMore);
        }

        Assert.Equal(["0-1999-0"], seen);
        Assert.True(pages > 1, "The first page looked at everything.");
    }

    [Fact]
    public async Task The_list_of_one_account_has_its_events_and_its_cursor_moves_with_the_partition()
    {
        await FlushAsync(1, 4, (1, 0), (2, 0));
        await SqlAsync($"insert into account_event (partition, position, sequence, account, at_ms, event) values (1, 3, 0, 2, 3, '{Opened}')");
        var filter = EventFilter.All with { Account = new AccountAddress(2, 1, "B") };
        var page = await ReadAsync(new EventCursor(Partitions), filter);
        Assert.Equal(["1-3-0"], Names(page));
        Assert.Equal((4, 0), page.Next[1]);
    }

    [Fact]
    public async Task Who_asks_for_everything_is_not_led_past_a_type_of_a_later_release()
    {
        await FlushAsync(0, 9, (1, 0), (8, 0));
        await SqlAsync("insert into account_event (partition, position, sequence, account, at_ms, event) values (0, 4, 0, 1, 4, '{\"type\":\"moon-seen\"}')");
        var page = await ReadAsync(new EventCursor(Partitions));
        Assert.Equal(["0-1-0"], Names(page));
        Assert.False(page.HasMore);
        Assert.Equal((4, 0), page.Next[0]);
        Assert.Equal(["0-1-0", "0-8-0"],
            Names(await ReadAsync(new EventCursor(Partitions), new EventFilter([EventCatalog.Find("account.opened")!], null))));
    }

    /// <summary>A process of a later release has queued it: it waits, and only what is not there at all is given up.</summary>
    [Fact]
    public async Task An_event_of_a_later_type_is_found_and_not_read()
    {
        await FlushAsync(0, 9, (1, 0));
        await SqlAsync("insert into account_event (partition, position, sequence, account, at_ms, event) values (0, 4, 0, 1, 4, '{\"type\":\"moon-seen\"}')");
        var found = await _feed.FindAsync([new(0, 1, 0), new(0, 4, 0), new(0, 5, 0)], TestContext.Current.CancellationToken);
        Assert.Equal(["0-1-0", "0-4-0"], found.Keys.Select(p => p.ToString()).Order());
        Assert.Equal("account.opened", found[new(0, 1, 0)]!.Kind.Name);
        Assert.Null(found[new(0, 4, 0)]);
    }

    /// <summary>A release with one kind more, or one fewer, has the cursors of the other where no kinds were named.</summary>
    [Fact]
    public void A_cursor_of_all_kinds_is_read_by_a_release_with_other_kinds()
    {
        var grid = Guid.NewGuid();
        var shorter = EventFilter.All with { Kinds = [.. EventCatalog.Kinds.Skip(1)] };
        var text = new EventCursor(Partitions).With([(0, 7, 1)]).ToText(EventRequests.TagOf(grid, shorter));
        Assert.Equal((7, 1), EventCursor.Parse(text, EventRequests.TagOf(grid, EventFilter.All), Partitions)![0]);
        Assert.Null(EventCursor.Parse(text, EventRequests.TagOf(grid, new EventFilter(EventCatalog.Kinds, null)), Partitions));
        Assert.Null(EventCursor.Parse(text, EventRequests.TagOf(grid, EventFilter.All with { Account = new AccountAddress(1, 0, "A") }), Partitions));
    }

    [Fact]
    public async Task Whoever_names_every_kind_of_today_is_led_past_one_of_a_later_release()
    {
        await FlushAsync(0, 9, (1, 0), (8, 0));
        await SqlAsync("insert into account_event (partition, position, sequence, account, at_ms, event) values (0, 4, 0, 1, 4, '{\"type\":\"moon-seen\"}')");
        Assert.Equal(["0-1-0", "0-8-0"], Names(await ReadAsync(new EventCursor(Partitions), new EventFilter(EventCatalog.Kinds, null))));
    }

    [Fact]
    public async Task A_cursor_from_before_what_is_kept_is_refused_and_one_at_its_edge_is_not()
    {
        _options.RetentionDays = 30;
        await FlushAsync(0, 5, (1, 0), (4, 0));
        await _marks.KeepAsync();
        await _marks.KeepAsync();
        await using (var count = _database.CreateCommand("select count(*) from event_mark"))
        {
            Assert.Equal(1L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        var edge = await _marks.EndAsync();
        _time.Shift(TimeSpan.FromDays(29));
        Assert.Equal(2, (await ReadAsync(new EventCursor(Partitions))).Events.Count);
        await FlushAsync(0, 8, (6, 0));
        await _marks.KeepAsync();
        _time.Shift(TimeSpan.FromDays(2));
        await _marks.KeepAsync();
        var refused = await Assert.ThrowsAsync<EventExpiredException>(() => ReadAsync(new EventCursor(Partitions)));
        Assert.Equal("event.cursor_expired", refused.Refusal.Code.Text);
        Assert.Equal(["0-6-0"], Names(await ReadAsync(edge)));
        Assert.Equal(["0-6-0"], Names(await ReadAsync(await _marks.FloorAsync())));

        // Another account's partition has nothing that is too old.
        Assert.Empty((await ReadAsync(new EventCursor(Partitions), EventFilter.All with { Account = new AccountAddress(9, 2, "C") })).Events);
        Assert.Null(await _marks.AtAsync(_time.GetUtcNow() - TimeSpan.FromDays(31)));
        Assert.NotNull(await _marks.AtAsync(_time.GetUtcNow() - TimeSpan.FromDays(29)));
    }

    [Fact]
    public async Task Without_a_bound_the_first_event_is_read_after_years()
    {
        await FlushAsync(0, 5, (1, 0));
        await _marks.KeepAsync();
        _time.Shift(TimeSpan.FromDays(5_000));
        await _marks.KeepAsync();
        Assert.Equal(["0-1-0"], Names(await ReadAsync(await _marks.FloorAsync())));
    }

    [Fact]
    public async Task A_cursor_ahead_of_the_grid_is_refused()
    {
        await FlushAsync(0, 5, (1, 0));
        var cursor = (await ReadAsync(new EventCursor(Partitions))).Next;
        await SqlAsync("update partition set effects_position = 4 where partition = 0");
        Assert.Equal("event.cursor_ahead", (await Assert.ThrowsAsync<EventExpiredException>(() => ReadAsync(cursor))).Refusal.Code.Text);
    }

    [Fact]
    public void A_cursor_that_was_changed_or_is_of_another_list_is_none()
    {
        var cursor = new EventCursor(Partitions).With([(0, 1L << 40, 3), (2, 5, 0)]);
        var text = cursor.ToText(Tag);
        Assert.Equal(((1L << 40), 3), EventCursor.Parse(text, Tag, Partitions)![0]);
        Assert.Null(EventCursor.Parse(text, new byte[32], Partitions));
        Assert.Null(EventCursor.Parse(text, Tag, Partitions + 1));
        foreach (var wrong in new[] { "", "x", "*", text[..^4], text + "AAAA", "AAAAAAAAAAAAAAAA", new string('_', 400) })
        {
            Assert.Null(EventCursor.Parse(wrong, Tag, Partitions));
        }
    }

    private static byte[] Tag { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static List<string> Names(EventPage page) => page.Events.ConvertAll(e => e.Place.ToString());

    private Task<EventPage> ReadAsync(EventCursor from, EventFilter? filter = null, int limit = 50) =>
        _feed.ReadAsync(from, filter ?? EventFilter.All, limit, TestContext.Current.CancellationToken);

    private async Task FlushAsync(int partition, long to, params (long Position, int Sequence)[] rows)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await FlushAsync(connection, partition, to, rows);
        await transaction.CommitAsync();
    }

    private async Task FlushAsync(int partition, long to, (long Position, int Sequence)[] rows, Func<(long Position, int Sequence), bool> isEntry)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await FlushAsync(connection, partition, to, rows.Where(r => !isEntry(r)).ToArray());
        foreach (var (position, sequence) in rows.Where(isEntry))
        {
            await using var add = new NpgsqlCommand(
                "insert into entry (partition, position, sequence, account, kind, amount_nano, balance_nano, at_ms) "
                    + "values ($1, $2, $3, 1, 'payment', 1, 1, $2)",
                connection);
            Statements.Add(add, partition, position, sequence);
            await add.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    /// <summary>The position moves first, as a flush does, and holds the partition's row until the commit.</summary>
    private static async Task FlushAsync(NpgsqlConnection connection, int partition, long to, params (long Position, int Sequence)[] rows)
    {
        await using var move = new NpgsqlCommand("update partition set effects_position = $2 where partition = $1", connection);
        Statements.Add(move, partition, to);
        await move.ExecuteNonQueryAsync();
        foreach (var (position, sequence) in rows)
        {
            await using var add = new NpgsqlCommand(
                "insert into account_event (partition, position, sequence, account, at_ms, event) values ($1, $2, $3, 1, $2, $4::jsonb)", connection);
            Statements.Add(add, partition, position, sequence, Opened);
            await add.ExecuteNonQueryAsync();
        }
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
