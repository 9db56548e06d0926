using System.Globalization;
using System.Text;
using AccountGrid.Domain.Figures;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Scorecard;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Host.Tests.Scorecard;

/// <summary>Days of channels from payments, heartbeats, files, complaints and answers to measures, ranks and cases.</summary>
public sealed class ScorecardApiTests(ScorecardApiTests.ScoreGrid town) : IClassFixture<ScorecardApiTests.ScoreGrid>
{
    private readonly GridFixture _grid = town.Customers.Grid;

    [Fact]
    public async Task A_day_is_measured_from_all_that_is_known_of_it_and_a_missed_target_is_one_case()
    {
        using var bank = await town.ChannelAsync("score-day");
        var day = town.Today;
        await town.Customers.OpenAsync("SCO-1", "postpaid", "cn-residential", []);
        for (var i = 0; i < 40; i++)
        {
            await town.PayAsync(bank, $"D{i}", "SCO-1", seconds: i < 20 ? 2 : 60 + i);
        }

        // Two are not known to the channel: one is taken back for a time-out, one was never seen. A third comes back from its bank.
        await town.ReverseAsync(bank, "D0", "timeout");
        await town.ReverseAsync(bank, "D1", "bounced");
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Get, "/v1/channel/payments/GONE?close=true", http: bank)).Status);
        var complaint = new ComplaintRequest("channel", "It took an hour.", "score-day");
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/SCO-1/complaints", complaint, "c-1")).Status);
        Assert.Equal((404, "channel.unknown"), await town.Customers.CodeAsync(HttpMethod.Post, "/v1/accounts/SCO-1/complaints",
            complaint with { Channel = "nobody" }, key: "c-2"));

        // Heartbeats from 08:00 to 18:00 with none from 10:00 to 11:00; one that came a day late heals nothing.
        await town.BeatAsync("score-day", day, Enumerable.Range(0, 120).Where(i => i is < 24 or >= 36).Select(i => 480 + (5 * i)), lateHours: 0);
        await town.BeatAsync("score-day", day, [630], lateHours: 24);
        _grid.Time.Shift(TimeSpan.FromDays(1));
        var rows = await CountAsync("score-day", day);
        Assert.Equal((39.0 / 41, 41L, true), (rows["successRate"].Value, rows["successRate"].Observations, rows["successRate"].IsBreach));
        Assert.Equal(ChannelMeasures.PerTenThousand * 2 / 41, rows["unknownOutcomes"].Value);
        Assert.Equal(ChannelMeasures.PerTenThousand * 2 / 41, rows["reversals"].Value);
        Assert.Equal(ChannelMeasures.PerTenThousand / 41, rows["complaints"].Value);
        Assert.InRange(rows["p50"].Value!.Value, 2, 10);
        Assert.InRange(rows["p95"].Value!.Value, 97, 105);
        Assert.Equal((40L, 120m, false), (rows["p95"].Observations, rows["p95"].Target, rows["p95"].IsBreach));
        Assert.InRange(rows["p99"].Value!.Value, 99, 107);

        // The last heartbeat of before the gap was at 09:55 and speaks until 10:05, when the gap of 55 minutes begins.
        Assert.Equal((545.0 / 600, 600L, true), (rows["availability"].Value, rows["availability"].Observations, rows["availability"].IsBreach));
        Assert.Equal((null, 0L, false), (rows["unmatched"].Value, rows["unmatched"].Observations, rows["unmatched"].IsBreach));
        var cases = await CasesAsync("score-day");
        Assert.Equal(["availability", "successRate"], cases.Select(c => c.Subject!.Split(' ')[2].TrimEnd(':')).Order());
        Assert.All(cases, c => Assert.Equal(("mia", "channel-target"), (c.Owner, c.Kind)));

        // Assignments of areas and customers say nothing about channels.
        await using (var connection = await _grid.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await CaseMover.MoveAsync(connection, transaction, null, "", "a new day", _grid.Time.GetUtcNow());
            await transaction.CommitAsync();
        }

        Assert.All(await CasesAsync("score-day"), c => Assert.Equal("mia", c.Owner));
        Assert.Equal(202, (await _grid.SendAsync(HttpMethod.Post, "/v1/channels/scorecards/rebuild")).Status);
        Assert.Equal(rows.Values.OrderBy(r => r.Measure), (await CountAsync("score-day", day)).Values.OrderBy(r => r.Measure));
        Assert.Equal(2, (await CasesAsync("score-day")).Count);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/cases/{cases[0].Id}/close", new CloseCaseRequest("a cable was cut"))).Status);
        Assert.Single(await CasesAsync("score-day"));
        using var manager = _grid.WithKey(
            (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("account-manager", "m", Manager: "mia"))).Key);
        var (_, own) = await _grid.SendAsync(HttpMethod.Get, "/v1/cases?owner=me&kind=channel-target&limit=500", http: manager);
        Assert.Contains("score-day", own.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_late_changes_the_day_that_it_is_about()
    {
        using var bank = await town.ChannelAsync("score-late");
        var day = town.Today;
        await town.Customers.OpenAsync("SCO-2", "postpaid", "cn-residential", []);
        for (var i = 0; i < 6; i++)
        {
            await town.PayAsync(bank, $"L{i}", "SCO-2", seconds: 1);
        }

        _grid.Time.Shift(TimeSpan.FromDays(1));
        var before = await CountAsync("score-late", day);
        Assert.Equal((0.0, null), (before["reversals"].Value, before["settlementDelay"].Value));

        // Days later the file comes: five are matched, one has another amount, one is not known here. Then one comes back.
        _grid.Time.Shift(TimeSpan.FromDays(6));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("txn,account,amount,time,original\n" + string.Concat(
            Enumerable.Range(0, 5).Append(9).Select(i => $"L{i},SCO-2,{(i == 4 ? 11 : 10)},{day:yyyy-MM-dd} 09:00:00,\n"))));
        content.Headers.ContentType = new("application/octet-stream");
        using var imported = await bank.PostAsync("/v1/channel/settlements", content);
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
        await town.ReverseAsync(bank, "L3", "bounced");
        var later = await Eventually.GetAsync(() => CountAsync("score-late", day),
            r => r["reversals"].Value > 0 && r["settlementDelay"].Value is not null, "The day with its file");

        // Six payments and one that is not known here; different are that one, one amount, and L5 that the file does not have.
        Assert.Equal((ChannelMeasures.PerTenThousand * 3 / 7, 7L), (later["unmatched"].Value, later["unmatched"].Observations));
        Assert.Equal((5.0, 1m, true), (later["settlementDelay"].Value, later["settlementDelay"].Target, later["settlementDelay"].IsBreach));
        Assert.Equal(ChannelMeasures.PerTenThousand / 6, later["reversals"].Value);
        Assert.Equal(before["p50"], later["p50"]);
        Assert.Contains(await CasesAsync("score-late"), c => c.Subject!.Contains($"{day:yyyy-MM-dd} settlementDelay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_does_not_come_is_a_case_once_it_is_late()
    {
        using var bank = await town.ChannelAsync("score-none");
        var day = town.Today;
        await town.Customers.OpenAsync("SCO-3", "postpaid", "cn-residential", []);
        await town.PayAsync(bank, "N1", "SCO-3", seconds: 1);
        _grid.Time.Shift(TimeSpan.FromDays(7));
        await CountAsync("score-none", day);
        await CountAsync("score-none", day);
        Assert.Single(await CasesAsync("score-none"), c => c.Subject!.StartsWith($"score-none {day:yyyy-MM-dd} settlementDelay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Channels_stand_side_by_side_without_a_rank_for_few_and_without_a_number_for_fewer()
    {
        var day = town.Today;
        await town.Customers.OpenAsync("SCO-4", "postpaid", "cn-residential", []);
        foreach (var (channel, count, closed) in new[] { ("rank-many", 40, 0), ("rank-bad", 33, 7), ("rank-few", 10, 0), ("rank-none", 4, 0) })
        {
            using var bank = await town.ChannelAsync(channel);
            for (var i = 0; i < count; i++)
            {
                await town.PayAsync(bank, $"R{i}", "SCO-4", seconds: 1);
            }

            for (var i = 0; i < closed; i++)
            {
                Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Get, $"/v1/channel/payments/X{i}?close=true", http: bank)).Status);
            }
        }

        await town.AnswerAsync("rank-many", day.AddMonths(-1), [5, 5, 4, 4, 5, 1]);
        await town.AnswerAsync("rank-few", day.AddMonths(-2), [1, 1, 1]);
        _grid.Time.Shift(TimeSpan.FromDays(1));
        await CountAsync("rank-none", day);
        var path = $"/v1/channels/ranking?day={day:yyyy-MM-dd}&measure=successRate";
        var rows = (await _grid.Admin.GetAsync<RankingAnswer>(path)).Rows.Where(r => r.Channel.StartsWith("rank-", StringComparison.Ordinal)).ToList();
        Assert.Equal(["rank-many", "rank-bad", "rank-few", "rank-none"], rows.Select(r => r.Channel));
        Assert.Equal([true, true, false, false], rows.Select(r => r.Rank is not null));
        Assert.Equal((1.0, 40L), (rows[0].Value, rows[0].Observations));
        Assert.True(rows[1].Low < rows[1].Value && rows[1].Value < rows[1].High);
        Assert.Equal((1.0, null, 4L), (rows[2].Value, rows[3].Value, rows[3].Observations));
        var csv = (await _grid.Http.GetStringAsync(path + "&format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("rank,channel,value,low,high,observations", csv[0]);
        Assert.Contains(csv, l => l.StartsWith("1,rank-many,1,", StringComparison.Ordinal));

        // Answers of a month that is over; of three persons nothing is said.
        var month = day.AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var satisfied = (await _grid.Admin.GetAsync<RankingAnswer>($"/v1/channels/ranking?month={month}&measure=satisfaction")).Rows;
        Assert.Empty((await _grid.Admin.GetAsync<RankingAnswer>(
            $"/v1/channels/ranking?month={day.AddMonths(-2):yyyy-MM}&measure=satisfaction")).Rows);
        Assert.Equal((5.0 / 6, 6L, null), Assert.Single(satisfied) is var s ? (s.Value, s.Observations, s.Rank) : default);
        var card = (await _grid.Admin.GetAsync<ScorecardAnswer>($"/v1/channels/rank-many/scorecard?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}")).Rows;
        Assert.Equal(5.0 / 6, card.Single(r => r.Measure == "satisfaction").Value);
        var monthly = (await _grid.Admin.GetAsync<RankingAnswer>($"/v1/channels/ranking?month={day:yyyy-MM}&measure=successRate")).Rows;
        Assert.Equal(33.0 / 40, monthly.Single(r => r.Channel == "rank-bad").Value);
    }

    [Theory]
    [InlineData("/v1/channels/ranking?day=2026-03-02&measure=speed", 400, "measure: 'speed' is not one of availability, successRate")]
    [InlineData("/v1/channels/ranking?measure=p95", 400, "day, month: one of the two is needed")]
    [InlineData("/v1/channels/ranking?measure=p95&day=2026-03-02&month=2026-03", 400, "day, month: one of the two is needed")]
    [InlineData("/v1/channels/ranking?measure=p95&month=2026-13", 400, "month: '2026-13' is not a month")]
    [InlineData("/v1/channels/ranking?measure=satisfaction&day=2026-03-02", 400, "month: satisfaction is shown of a month that is over")]
    [InlineData("/v1/channels/ranking?measure=satisfaction&month=2036-03", 400, "month: satisfaction is shown of a month that is over")]
    [InlineData("/v1/channels/ranking?measure=p95&month=2026-03&format=xml", 400, "format: 'xml' is not json or csv")]
    [InlineData("/v1/channels/nobody/scorecard?from=2026-03-01&to=2026-03-02", 404, "There is no channel 'nobody'")]
    [InlineData("/v1/channels/nobody/scorecard?from=2026-03-02&to=2026-03-01", 400, "to: 2026-03-01 is before from")]
    [InlineData("/v1/channels/nobody/scorecard?from=2026-01-01&to=2026-04-03", 400, "a period of 93 days is too long")]
    public async Task A_wrong_question_says_what_would_be_right(string path, int status, string detail)
    {
        var answer = await _grid.SendAsync(HttpMethod.Get, path);
        Assert.Equal(status, answer.Status);
        Assert.Contains(detail, answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auditor", 200)]
    [InlineData("client", 403)]
    [InlineData("channel", 403)]
    [InlineData("account-manager", 403)]
    public async Task Only_who_inspects_sees_how_channels_do(string role, int status)
    {
        using var bank = await town.ChannelAsync("score-role");
        var request = new CreateKeyRequest(role, role, Manager: role == "account-manager" ? "mia" : null, Channel: role == "channel" ? "score-role" : null);
        using var http = _grid.WithKey((await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key);
        Assert.Equal(status, (await _grid.SendAsync(HttpMethod.Get, "/v1/channels/score-role/scorecard?from=2026-03-01&to=2026-03-02", http: http)).Status);
        Assert.Equal(status, (await _grid.SendAsync(HttpMethod.Get, "/v1/channels/ranking?month=2026-03&measure=p95", http: http)).Status);
        Assert.Equal(403, (await _grid.SendAsync(HttpMethod.Post, "/v1/channels/scorecards/rebuild", http: http)).Status);
    }

    [Fact]
    public async Task A_probe_asks_once_a_minute_over_all_processes_and_keeps_what_it_was_told()
    {
        var (isUp, asked) = (true, 0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/health", () =>
        {
            Interlocked.Increment(ref asked);
            return isUp ? Results.Ok() : Results.StatusCode(503);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var watch = new ChannelWatch { SilenceMinutes = 10, Probe = new($"{app.Urls.First()}/health", EveryMinutes: 1, TimeoutSeconds: 5) };
        using var bank = await town.ChannelAsync("score-probe", d => d with { Watch = watch, Targets = null });
        var prober = _grid.Host.Services.GetRequiredService<ChannelProber>();
        await Task.WhenAll(prober.ProbeAsync(default), prober.ProbeAsync(default), prober.ProbeAsync(default));
        await Eventually.GetAsync(() => RowsAsync(true), n => n == 1, "The first answer");
        Assert.Equal(1, asked);
        isUp = false;
        _grid.Time.Shift(TimeSpan.FromMinutes(1));
        await prober.ProbeAsync(default);
        await Eventually.GetAsync(() => RowsAsync(false), n => n == 1, "The second answer");

        async Task<long> RowsAsync(bool state)
        {
            await using var command = _grid.Database.CreateCommand("select count(*) from channel_probe where channel = 'score-probe' and is_up = $1");
            command.Parameters.Add(new() { Value = state });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    /// <summary>Counts until a day of a channel is there.</summary>
    private async Task<Dictionary<string, ScoreRow>> CountAsync(string channel, DateOnly day)
    {
        var keeper = _grid.Host.Services.GetRequiredService<ScoreKeeper>();
        var answer = await Eventually.GetAsync(
            async () =>
            {
                await keeper.CountAsync();
                return await _grid.Admin.GetAsync<ScorecardAnswer>($"/v1/channels/{channel}/scorecard?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}");
            },
            a => a.Rows.Count > 0, $"The day of {channel}");
        return answer.Rows.ToDictionary(r => r.Measure);
    }

    private async Task<List<CaseAnswer>> CasesAsync(string channel) =>
        [
            .. (await _grid.Admin.GetAsync<Page<CaseAnswer>>("/v1/cases?kind=channel-target&limit=500")).Data
                .Where(c => c.Subject!.StartsWith(channel + " ", StringComparison.Ordinal))];

    /// <summary>A grid whose clock goes by days, with channels that have targets.</summary>
    public sealed class ScoreGrid : IAsyncLifetime
    {
        private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

        public CustomerGrid Customers { get; } = new() { Grid = new GridFixture { More = ["--Channels:ProbeAllowPrivate=true"] } };

        public DateOnly Today => DateOnly.FromDateTime(Customers.Grid.Time.GetUtcNow().ToOffset(Offset).DateTime);

        public ValueTask InitializeAsync() => Customers.InitializeAsync();

        public ValueTask DisposeAsync() => Customers.DisposeAsync();

        public async Task<HttpClient> ChannelAsync(string id, Func<PaymentChannelDefinition, PaymentChannelDefinition>? change = null)
        {
            var definition = new PaymentChannelDefinition
            {
                Id = id,
                Kind = "bank",
                EffectiveFrom = new DateOnly(2026, 1, 1),
                Currency = "CNY",
                Zone = "Asia/Shanghai",
                Tenders = ["bank"],
                MaxAmount = "5000",
                Owner = "mia",
                Watch = new() { SilenceMinutes = 10, From = "08:00", To = "18:00" },
                Targets = new Dictionary<string, decimal> { ["availability"] = 0.99m, ["successRate"] = 0.96m, ["p95"] = 120, ["settlementDelay"] = 1 },
                Settlement = new()
                {
                    Format = "csv",
                    Csv = new() { Columns = new("amount", "txn", "time", Account: "account", Original: "original"), NegativeIsRefund = true },
                },
            };
            var (status, body) = await Customers.Grid.SendAsync(HttpMethod.Post, "/v1/channels", change?.Invoke(definition) ?? definition);
            Assert.True(status is 200 or 201, body.ToString());
            var key = await Customers.Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id));
            return Customers.Grid.WithKey(key.Key);
        }

        /// <summary>A payment that was made so many seconds before now.</summary>
        public async Task PayAsync(HttpClient bank, string txn, string account, int seconds)
        {
            var request = new ChannelPaymentRequest(txn, account, "10", "CNY", Customers.Grid.Time.GetUtcNow().AddSeconds(-seconds), Today, "bank");
            var (status, body) = await Customers.Grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", request, http: bank);
            Assert.True(status == 200, body.ToString());
        }

        public async Task ReverseAsync(HttpClient bank, string txn, string reason)
        {
            var request = new ChannelReversalRequest($"R{txn}", txn, "10", reason, Customers.Grid.Time.GetUtcNow());
            var (status, body) = await Customers.Grid.SendAsync(HttpMethod.Post, "/v1/channel/reversals", request, http: bank);
            Assert.True(status == 200 && body.GetProperty("status").GetString() == "done", body.ToString());
        }

        /// <summary>Heartbeats at minutes of a local day.</summary>
        public async Task BeatAsync(string channel, DateOnly day, IEnumerable<int> minutes, int lateHours)
        {
            var at = minutes.Select(m => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).AddMinutes(m).ToUniversalTime()).ToArray();
            await ExecuteAsync(
                """
                insert into channel_heartbeat (channel, terminal, at, queue, received_at)
                select $1, 't', a, 0, a + make_interval(hours => $3) from unnest($2) a
                """,
                channel, at, lateHours);
        }

        /// <summary>Answers of customers in the middle of a month.</summary>
        public async Task AnswerAsync(string channel, DateOnly month, int[] answers)
        {
            for (var i = 0; i < answers.Length; i++)
            {
                await ExecuteAsync(
                    """
                    insert into survey (partition, id, account, occasion, asked_day, state, channel, satisfaction, comment, answered_at)
                    select partition, $1, number, 0, $2, 'answered', $3, $4, '', $5 from account where id = 'SCO-4'
                    """,
                    $"{channel}-{i}", month, channel, (short)answers[i],
                    new DateTimeOffset(month.Year, month.Month, 15, 12, i, 0, TimeSpan.Zero));
            }
        }

        private async Task ExecuteAsync(string sql, params object[] values)
        {
            await using var command = Customers.Grid.Database.CreateCommand(sql);
            Array.ForEach(values, v => command.Parameters.Add(new() { Value = v }));
            await command.ExecuteNonQueryAsync();
        }
    }
}
