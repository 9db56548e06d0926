using System.Globalization;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.Host.Figures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Host.Tests.Figures;

/// <summary>Figures of some weeks of some accounts, compared with direct sums over the ledger.</summary>
public sealed class FigureApiTests(FigureApiTests.FigureTown town) : IClassFixture<FigureApiTests.FigureTown>
{
    private readonly CustomerGrid _customers = town.Customers;
    private readonly GridFixture _grid = town.Customers.Grid;

    [Fact]
    public async Task Sums_equal_the_ledger_by_area_day_and_month()
    {
        await CountAsync();
        foreach (var (span, format) in new[] { ("day", "YYYY-MM-DD"), ("month", "YYYY-MM-01") })
        {
            var direct = await TextsAsync(
                """
                select coalesce(k.area, '') || ' ' || to_char(to_timestamp(e.at_ms / 1000.0) at time zone 'Asia/Shanghai', $1) || ' ' || s.name || ' '
                  || trim_scale(sum(s.sign * e.amount_nano)) from entry e join account a on a.number = e.account
                join (values ('charge', 'charged', -1), ('correction', 'charged', -1), ('standing', 'charged', -1), ('refund', 'refunds', -1),
                  ('late-fee', 'late-fees', -1), ('payment', 'payments', 1), ('reversal', 'reversals', -1)) as s(kind, name, sign) on s.kind = e.kind
                left join contact k on k.partition = e.partition and k.account = e.account
                group by k.area, to_char(to_timestamp(e.at_ms / 1000.0) at time zone 'Asia/Shanghai', $1), s.name having sum(e.amount_nano) <> 0 order by 1
                """, format);
            var counted = await TextsAsync(
                """
                select area || ' ' || to_char(day, 'YYYY-MM-DD') || ' ' || name || ' ' || trim_scale(sum(amount)) from figure
                where span = $1 and level = 1 and name in ('charged', 'refunds', 'late-fees', 'payments', 'reversals')
                group by area, day, name having sum(amount) <> 0 order by 1
                """, span);
            Assert.True(direct.Count > (span == "day" ? 40 : 8), $"Only {direct.Count} sums are compared.");
            Assert.Equal(direct, counted);
        }
    }

    [Fact]
    public async Task What_is_owed_and_had_at_a_days_end_is_what_the_balances_were()
    {
        await CountAsync();
        var answer = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?from={town.Last.AddDays(-6):yyyy-MM-dd}&to={town.Last:yyyy-MM-dd}&by=area");
        var direct = await TextsAsync(
            """
            with last as (
              select distinct on (e.account) e.account, e.balance_nano, coalesce(k.area, '') as area from entry e
              left join contact k on k.partition = e.partition and k.account = e.account
              where (to_timestamp(e.at_ms / 1000.0) at time zone 'Asia/Shanghai')::date <= $1::date order by e.account, e.position desc, e.sequence desc)
            select area || ' receivable ' || trim_scale(sum(-balance_nano) / 1000000000.0) from last where balance_nano < 0 group by area
            union all select area || ' credit ' || trim_scale(sum(balance_nano) / 1000000000.0) from last where balance_nano > 0 group by area order by 1
            """, answer.StandingDay!);
        var shown = answer.Rows.Where(r => r.Name is "receivable" or "prepaid-owed" or "credit")
            .GroupBy(r => (r.Group, Name: r.Name == "credit" ? r.Name : "receivable"))
            .Select(g => $"{g.Key.Group} {g.Key.Name} {g.Sum(Amount):0.#########}")
            .Order(StringComparer.Ordinal).ToList();
        Assert.Equal(direct.Order(StringComparer.Ordinal), shown);
        Assert.Contains(shown, s => s.Contains("receivable", StringComparison.Ordinal));
        Assert.Equal(town.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), answer.StandingDay);
    }

    [Fact]
    public async Task Counting_anew_and_in_interrupted_parts_gives_the_same_sums()
    {
        await CountAsync();
        var before = await SumsAsync();
        Assert.True(before.Count > 100);
        var services = _grid.Host.Services;
        var options = services.GetRequiredService<FigureOptions>();
        var piecemeal = new FigureProjector(_grid.Database, options, _grid.Time, NullLogger<FigureProjector>.Instance) { RowsMax = 3 };

        // The area of an account changes and then counts anew: what was counted before keeps the area of then.
        await _customers.ContactAsync("FIG-1", "en", "east");
        await piecemeal.ForgetAsync();
        Assert.Equal(202, (await _grid.SendAsync(HttpMethod.Post, "/v1/figures/rebuild")).Status);
        for (var i = 0; i < 20; i++)
        {
            using var stop = new CancellationTokenSource();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => piecemeal.CountAsync(stop.Token));
        }

        await CountAsync();
        Assert.Equal(before, await SumsAsync());
        await _customers.ContactAsync("FIG-1", "en", "north");
    }

    [Fact]
    public async Task Until_all_is_counted_again_the_answer_is_not_complete()
    {
        await CountAsync();
        Assert.True((await MarchAsync()).IsComplete);
        await using (var counting = await _grid.Database.OpenConnectionAsync())
        {
            // Whoever counts holds this lock: nothing is counted until it is given back.
            await ExecuteAsync(counting, "select pg_advisory_lock(hashtext('figures'))");
            await _grid.Host.Services.GetRequiredService<FigureProjector>().ForgetAsync();
            var answer = await MarchAsync();
            Assert.Equal((false, null, 0), (answer.IsComplete, answer.StandingDay, answer.Rows.Count));
            var folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}");
            await Assert.ThrowsAsync<StartException>(() => ReportCommand.WriteAsync(_grid.Admin, new DateOnly(2026, 3, 1), folder));
            Assert.False(Directory.Exists(folder));
            await ExecuteAsync(counting, "select pg_advisory_unlock(hashtext('figures'))");
        }

        await CountAsync();
        Assert.True((await MarchAsync()).IsComplete);

        Task<FiguresAnswer> MarchAsync() => _grid.Admin.GetAsync<FiguresAnswer>("/v1/figures?month=2026-03");
    }

    /// <summary>Positions are not dense: plain readings have no rows.</summary>
    [Fact]
    public async Task A_position_with_more_rows_than_a_transaction_takes_is_read_whole()
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into entry (partition, position, sequence, account, kind, amount_nano, balance_nano, at_ms)
            select 0, 1000000100, n, 1, 'charge', -1, -1, 1 from generate_series(1, 7) n
            """, connection, transaction);
        await insert.ExecuteNonQueryAsync();
        var store = new FigureStore(connection, transaction, 0);
        Assert.Equal(7, (await store.RowsAsync(1_000_000_000, long.MaxValue, 3)).Count);
        Assert.Empty(await store.RowsAsync(1_000_000_100, long.MaxValue, 3));
        await transaction.RollbackAsync();
    }

    [Fact]
    public async Task Groups_and_filters_show_the_same_sums()
    {
        await CountAsync();
        var month = town.First.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var total = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}");
        foreach (var by in new[] { "area", "class", "day", "month" })
        {
            var grouped = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}&by={by}");
            Assert.Equal(Sum(total, "charged"), Sum(grouped, "charged"));
            Assert.Equal(Sum(total, "payments"), Sum(grouped, "payments"));
        }

        var channels = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}&by=channel");
        Assert.Equal(Sum(total, "payments"), Sum(channels, "payments"));
        Assert.Equal(["counter", "wallet"], channels.Rows.Where(r => r.Name == "payments").Select(r => r.Group).Order(StringComparer.Ordinal));
        var north = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}&area=north&class=residential");
        var areas = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}&by=area");
        Assert.Equal(areas.Rows.Where(r => r is { Group: "north", Name: "charged" }).Sum(Amount), Sum(north, "charged"));
        Assert.Contains(total.Rows, r => r is { Name: "prepaid-share", Value: > 0 and < 1 });
        Assert.Contains(total.Rows, r => r is { Name: "notices-paid-share", Detail: "" });

        // CSV has exactly the rows that are shown.
        var csv = (await _grid.Http.GetStringAsync($"/v1/figures?month={month}&format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("group,currency,name,detail,count,amount,value,low,high", csv[0]);
        Assert.Equal(total.Rows.Select(r => string.Create(CultureInfo.InvariantCulture,
            $"{r.Group},{r.Currency},{r.Name},{r.Detail},{r.Count},{r.Amount},{r.Value},{r.Low},{r.High}")), csv[1..]);
    }

    [Fact]
    public async Task A_months_report_has_the_figures_in_both_forms()
    {
        await CountAsync();
        var folder = Directory.CreateTempSubdirectory("ag-report-");
        try
        {
            var month = new DateOnly(town.First.Year, town.First.Month, 1);
            var paths = await ReportCommand.WriteAsync(_grid.Admin, month, folder.FullName);
            Assert.Equal(["report-2026-03.html", "report-2026-03.md"], paths.Select(Path.GetFileName));
            var total = await _grid.Admin.GetAsync<FiguresAnswer>("/v1/figures?month=2026-03");
            var paid = Sum(total, "payments").ToString("#,##0.00", CultureInfo.InvariantCulture);
            var (html, markdown) = (await File.ReadAllTextAsync(paths[0]), await File.ReadAllTextAsync(paths[1]));
            Assert.Contains($"| Paid | {paid} |", markdown, StringComparison.Ordinal);
            Assert.Contains($"<td>Paid</td><td>{paid}</td>", html, StringComparison.Ordinal);
            Assert.Contains("| north | CNY |", markdown, StringComparison.Ordinal);
            Assert.Contains("| (none) |", markdown, StringComparison.Ordinal);
            Assert.Equal(2, html.Split("<svg").Length - 1);
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("", "from, to: the first and the last day are missing")]
    [InlineData("from=2026-03-01", "from, to: the first and the last day are missing")]
    [InlineData("month=2026-13", "month: '2026-13' is not a month")]
    [InlineData("month=2026-03&from=2026-03-01", "month: a month and from or to exclude each other")]
    [InlineData("from=2026-03-02&to=2026-03-01", "to: 2026-03-01 is before from")]
    [InlineData("from=2026-03-02&to=2026-04-02", "a period of 32 days is too long")]
    [InlineData("from=2026-03-02&to=2026-03-09&by=area", "it has 7 days at most")]
    [InlineData("from=2025-01-01&to=2026-01-31&by=area", "by area, a period has 12 months at most")]
    [InlineData("from=2026-03-01&to=2026-04-30&by=day", "a period of 61 days is too long")]
    [InlineData("from=2026-03-02&to=2026-03-09&by=month", "consists of whole months")]
    [InlineData("from=2020-01-01&to=2023-12-31", "36 months at most")]
    [InlineData("month=2026-03&by=colour", "by: 'colour' is not one of total, area")]
    [InlineData("month=2026-03&class=rich", "class: 'rich' is not one of residential, business")]
    [InlineData("month=2026-03&format=xml", "format: 'xml' is not json or csv")]
    public async Task A_wrong_question_says_what_would_be_right(string query, string detail)
    {
        var (status, body) = await _grid.SendAsync(HttpMethod.Get, $"/v1/figures?{query}");
        Assert.Equal(400, status);
        Assert.Contains(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static decimal Amount(FigureRow row) => decimal.Parse(row.Amount!, CultureInfo.InvariantCulture);

    private static decimal Sum(FiguresAnswer answer, string name) => answer.Rows.Where(r => r.Name == name).Sum(Amount);

    private async Task CountAsync()
    {
        await _grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var projector = _grid.Host.Services.GetRequiredService<FigureProjector>();
        await Testing.Eventually.GetAsync(
            async () =>
            {
                await projector.CountAsync();
                return (await TextsAsync(
                    """
                    select 'left' from partition p left join figure_partition f on f.partition = p.partition
                    where exists (select from entry e where e.partition = p.partition and e.position > coalesce(f.position, -1))
                      or exists (select from account_event e where e.partition = p.partition and e.position > coalesce(f.position, -1))
                      or f.closed_day < $1::date
                    """, town.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).Count;
            },
            left => left == 0, "The figures' end");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private Task<List<string>> SumsAsync() => TextsAsync(
        "select concat_ws(' ', span, level, day, area, class, currency, name, detail, count, amount) from figure where $1 = '' order by 1", "");

    private async Task<List<string>> TextsAsync(string sql, string value)
    {
        await using var command = _grid.Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    /// <summary>Five accounts that live for forty days, and pay or not.</summary>
    public sealed class FigureTown : IAsyncLifetime
    {
        public CustomerGrid Customers { get; } = new() { Grid = new GridFixture() };

        public DateOnly First { get; private set; }

        public DateOnly Last { get; private set; }

        public async ValueTask InitializeAsync()
        {
            await Customers.InitializeAsync();
            First = Today();
            string[] ids = ["FIG-1", "FIG-2", "FIG-3", "FIG-4", "FIG-5"];
            foreach (var (id, i) in ids.Select((id, i) => (id, i)))
            {
                await Customers.OpenAsync(id, i % 2 == 0 ? "postpaid" : "prepaid", "cn-residential", []);
                if (i != 4)
                {
                    await Customers.ContactAsync(id, "en", i < 2 ? "north" : "south");
                }
            }

            await PayAsync("FIG-2", "30", "counter");
            await PayAsync("FIG-4", "8", "wallet");
            await Customers.LiveAsync(ids, 12, 9_000);
            await PayAsync("FIG-4", "40", "wallet");
            await PayAsync("FIG-1", "5", "counter");
            await Customers.LiveAsync(ids, 30, 9_000);
            await PayAsync("FIG-3", "60", "wallet");
            Last = Today().AddDays(-2);
        }

        public ValueTask DisposeAsync() => Customers.DisposeAsync();

        private DateOnly Today() => DateOnly.FromDateTime(Customers.Grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

        private async Task PayAsync(string id, string amount, string channel) => Assert.Equal(201, (await Customers.Grid.SendAsync(HttpMethod.Post,
            $"/v1/accounts/{id}/payments", new Accounts.PaymentRequest(amount, Channel: channel), key: $"{id}-{amount}")).Status);
    }
}
