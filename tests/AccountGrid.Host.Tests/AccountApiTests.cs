using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AccountGrid.Host.Tests;

public sealed class AccountApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_payment_counts_once_per_key_and_is_in_the_callers_next_answer()
    {
        await grid.OpenAsync("PAY1");
        var (status, first) = await PayAsync("PAY1", "10.5", "k1");
        Assert.Equal(201, status);
        Assert.Equal("10.500000000", first.GetProperty("balance").GetString());
        var balance = await grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/PAY1/balance");
        Assert.Equal("10.500000000", balance.Amount);
        Assert.True(balance.Position > first.GetProperty("position").GetInt64());
        await PayAsync("PAY1", "1", "k2");
        (status, var again) = await PayAsync("PAY1", "10.5", "k1");
        Assert.Equal((201, first.GetRawText()), (status, again.GetRawText()));
        (status, var other) = await PayAsync("PAY1", "11", "k1");
        Assert.Equal((422, "idempotency.key_reused"), (status, Code(other)));
        (status, var missing) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY1/payments", new PaymentRequest("1"));
        Assert.Equal((400, "idempotency.key_missing"), (status, Code(missing)));
        Assert.Equal("11.500000000", (await grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/PAY1/balance")).Amount);
    }

    [Fact]
    public async Task Fifty_at_once_with_one_key_are_one_payment()
    {
        await grid.OpenAsync("PAY2");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PayAsync("PAY2", "3", "same")));
        Assert.All(answers, a => Assert.Equal(201, a.Status));
        Assert.Single(answers.Select(a => a.Body.GetRawText()).Distinct());
        await grid.BalanceAsync("PAY2", "3.000000000");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("0.0000000001")]
    [InlineData("ten")]
    public async Task An_amount_that_is_none_is_refused(string amount)
    {
        await grid.OpenAsync("PAY3");
        var (status, body) = await PayAsync("PAY3", amount, Guid.NewGuid().ToString());
        Assert.Equal((422, "amount.invalid"), (status, Code(body)));
        Assert.Contains("amount", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_where_a_decimal_string_belongs_is_a_bad_request_that_names_the_field()
    {
        await grid.OpenAsync("PAY3");
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY3/payments", new { amount = 1.5 }, "n");
        Assert.Equal((400, "request.value_invalid"), (status, Code(body)));
        Assert.Contains("amount", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounced_payment_is_reversed_and_credit_can_be_paid_out_but_not_more()
    {
        await grid.OpenAsync("PAY4");
        var (_, payment) = await PayAsync("PAY4", "20", "p");
        await PayAsync("PAY4", "5", "q");
        var (status, _) =
            await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY4/reversals", new ReversalRequest(payment.GetProperty("id").GetString()!), "r");
        Assert.Equal(201, status);
        (status, var refused) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY4/refunds", new RefundRequest("5.01"), "f1");
        Assert.Equal((422, "refund.exceeds_balance"), (status, Code(refused)));
        (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY4/refunds", new RefundRequest("4"), "f2");
        Assert.Equal(201, status);
        (status, _) = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/PAY4/adjustments", new AdjustmentRequest("-2.5", "mistake"), "a");
        Assert.Equal(201, status);
        await grid.BalanceAsync("PAY4", "-1.500000000");
        var entries =
            await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/PAY4/entries"), p => p.Data.Count == 5, "Five entries");
        Assert.Equal(["adjustment", "refund", "reversal", "payment", "payment"], entries.Data.Select(e => e.Kind));
        Assert.StartsWith(payment.GetProperty("id").GetString()!, entries.Data[2].Corrects!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_are_paged_by_cursor_without_a_gap()
    {
        await grid.OpenAsync("PAGE");
        for (var i = 1; i <= 7; i++)
        {
            await PayAsync("PAGE", $"{i}", $"{i}");
        }

        await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/PAGE/entries"), p => p.Data.Count == 7, "Seven entries");
        var amounts = new List<string>();
        string? cursor = null;
        do
        {
            var page = await grid.Admin.GetAsync<Page<EntryAnswer>>($"/v1/accounts/PAGE/entries?limit=3&cursor={cursor}");
            amounts.AddRange(page.Data.Select(e => e.Amount[..1]));
            Assert.Equal(page.NextCursor is not null, page.HasMore);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], amounts);
        var (status, body) = await grid.SendAsync(HttpMethod.Get, "/v1/accounts/PAGE/entries?cursor=%21%21");
        Assert.Equal((400, "request.invalid"), (status, Code(body)));
    }

    [Fact]
    public async Task From_the_balance_back_to_what_made_it()
    {
        await grid.OpenAsync("EXPL");
        await PayAsync("EXPL", "10", "p");
        await grid.PushAsync(("EXPL", "2026-03-01T01:00:00+08:00", 1_000), ("EXPL", "2026-03-01T02:00:00+08:00", 3_000),
            ("EXPL", "2026-03-02T05:00:00+08:00", 4_000));
        await grid.BalanceAsync("EXPL", "8.000000000");
        var explained =
            await Eventually.GetAsync(() => grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/EXPL/explain"), e => e.Credits.Count == 1, "The payment's entry");
        Assert.True(explained.Agrees);
        Assert.Equal(("8.000000000", "10.000000000", "2.000000000"), (explained.Balance, explained.Credit, explained.Charged));
        Assert.Equal("flat", explained.Days[0].Tariff);
        Assert.Equal(["2026-03-01", "2026-03-02"], explained.Days.Select(d => d.Day));
        Assert.Equal(3, explained.Days.Sum(d => d.Readings.Count));
        Assert.Equal(4_000, explained.Days.Sum(d => d.ByRate.Values.Sum()));
    }

    [Fact]
    public void Every_request_has_an_end_but_the_live_stream_and_uploads_that_keep_coming()
    {
        var endless = grid.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null).Select(e => e.RoutePattern.RawText).Order(StringComparer.Ordinal);
        // A stream of gRPC lives for days; what its library maps for methods that are none has the same marks.
        var (grpc, others) = (endless.Where(IsGrpc).ToList(), endless.Where(e => !IsGrpc(e)));
        Assert.Contains("/accountgrid.readings.v1.ReadingService/PushStream", grpc);
        Assert.Equal(
            [
                "/console/accounts/{id}/live", "/v1/accounts/{id}/stream", "/v1/exports/accounts", "/v1/exports/bills", "/v1/exports/entries", "/v1/files/",
                "/v1/readings", "/v1/registrations",
            ], others);
        Assert.NotNull(grid.Host.Services.GetRequiredService<IOptions<RequestTimeoutOptions>>().Value.DefaultPolicy?.Timeout);
    }

    private static bool IsGrpc(string? route) =>
        route!.Contains("ReadingService/", StringComparison.Ordinal) || route.Contains("{unimplemented", StringComparison.Ordinal);

    [Fact]
    public async Task The_live_stream_tells_every_standing_as_it_comes()
    {
        await grid.OpenAsync("LIVE");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var stream = await grid.Http.GetStreamAsync("/v1/accounts/LIVE/stream", stop.Token);
        var amounts = new List<string>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync(stop.Token))
        {
            using var balance = JsonDocument.Parse(item.Data);
            amounts.Add(balance.RootElement.GetProperty("amount").GetString()!);
            Assert.Equal("balance", item.EventType);
            if (amounts.Count == 1)
            {
                await PayAsync("LIVE", "10", "live");
            }
            else if (amounts[^1] == "10.000000000")
            {
                await grid.PushAsync(("LIVE", "2026-03-01T02:00:00+08:00", 3_000));
            }
            else if (amounts[^1] == "8.500000000")
            {
                break;
            }
        }

        Assert.Equal("0.000000000", amounts[0]);
    }

    [Fact]
    public async Task An_account_that_is_watched_all_the_time_ends_as_one_that_nobody_ever_wakes()
    {
        await grid.OpenAsync("AWAKE");
        await grid.OpenAsync("ASLEEP");
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            var last = -1L;
            while (!stop.IsCancellationRequested)
            {
                var balance = await grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/AWAKE/balance");
                Assert.True(balance.Version >= last, "An answer went back.");
                last = balance.Version;
            }
        });
        for (var i = 1; i <= 100; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(1772323200000 + (i * 900_000L)).ToString("O");
            await grid.PushAsync(("AWAKE", at, i * 37), ("ASLEEP", at, i * 37));
        }

        await grid.BalanceAsync("AWAKE", "-1.850000000");
        await stop.CancelAsync();
        await watching;
        await grid.BalanceAsync("ASLEEP", "-1.850000000");
    }

    [Fact]
    public async Task An_awake_meter_is_told_its_changes_and_never_goes_back()
    {
        await grid.OpenAsync("METW");
        var last = 0L;
        for (var i = 1; i <= 40; i++)
        {
            await grid.PushAsync(("METW", DateTimeOffset.FromUnixTimeMilliseconds(1772323200000 + (i * 900_000L)).ToString("O"), i * 10));
            var seen = await grid.Admin.GetAsync<MeterAnswer>("/v1/meters/METW");
            Assert.True(seen.RegisterWh >= last, "An answer went back.");
            last = seen.RegisterWh;
        }

        var meter = await Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>("/v1/meters/METW"), m => m.RegisterWh == 400, "The last register");
        Assert.Equal(400, meter.ChargedWh);
    }

    [Fact]
    public async Task A_warning_is_delivered_once_when_the_balance_falls_below_its_level()
    {
        await grid.OpenAsync("WARN", levels: ["5"]);
        await PayAsync("WARN", "6", "w");
        await grid.PushAsync(("WARN", "2026-03-01T01:00:00+08:00", 2_100));
        await grid.PushAsync(("WARN", "2026-03-01T02:00:00+08:00", 2_200));
        var file = Path.Combine(grid.Host.Data.In("notices"), "notices.ndjson");
        await Eventually.GetAsync(async () => File.Exists(file) ? await File.ReadAllTextAsync(file) : "", t => t.Contains("\"WARN\"", StringComparison.Ordinal),
            "The warning");
        await grid.BalanceAsync("WARN", "4.900000000");
        await using var count =
            grid.Database.CreateCommand(
                "select count(*)::int from outbox o join account a on a.number = o.account where a.id = 'WARN' and o.state = 'delivered'");
        await Eventually.GetAsync(async () => (int)(await count.ExecuteScalarAsync())!, n => n == 1, "One message, delivered");
        Assert.Single(await File.ReadAllLinesAsync(file), l => l.Contains("\"WARN\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_what_stands_against_it_409()
    {
        Assert.Equal((404, "account.unknown"), await CodeAsync(HttpMethod.Get, "/v1/accounts/nobody"));
        Assert.Equal((404, "account.unknown"), await CodeAsync(HttpMethod.Get, "/v1/accounts/nobody/balance"));
        Assert.Equal((404, "account.unknown"), await CodeAsync(HttpMethod.Get, "/v1/accounts/nobody/stream"));
        Assert.Equal((404, "meter.unknown"), await CodeAsync(HttpMethod.Get, "/v1/meters/nobody"));
        Assert.Equal((404, "route.unknown"), await CodeAsync(HttpMethod.Get, "/v1/nothing"));
        await grid.OpenAsync("DUP");
        Assert.Equal((409, "account.exists"), await CodeAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("DUP", "flat", Mode: "postpaid")));
        Assert.Equal((409, "meter.exists"), await CodeAsync(HttpMethod.Post, "/v1/meters", new InstallMeterRequest("DUP", "G1", "DUP", RegisterWh: 5)));
        Assert.Equal((404, "tariff.unknown"), await CodeAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("NEW", "none")));
        Assert.Equal((422, "id.invalid"), await CodeAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("a b", "flat")));
        Assert.Equal((422, "account.mode_invalid"), await CodeAsync(HttpMethod.Post, "/v1/accounts", new OpenAccountRequest("NEW", "flat", Mode: "7")));
        Assert.Equal((404, "gateway.unknown"), await CodeAsync(HttpMethod.Post, "/v1/meters", new InstallMeterRequest("NEW", "none")));
        Assert.Equal((422, "tariff.invalid"), await CodeAsync(HttpMethod.Post, "/v1/tariffs", GridFixture.Flat() with { Zone = "Nowhere" }));
        Assert.Equal((409, "tariff.immutable"), await CodeAsync(HttpMethod.Post, "/v1/tariffs", GridFixture.Flat() with { TaxBasisPoints = 1 }));
    }

    [Theory]
    [InlineData("/v1/accounts/NULLS/reversals", "{}", 400)]
    [InlineData("/v1/accounts/NULLS/reversals", """{"payment":null}""", 400)]
    [InlineData("/v1/accounts/NULLS/adjustments", """{"amount":"1"}""", 400)]
    [InlineData("/v1/accounts/NULLS/payments", """{"amount":"1","channel":null}""", 400)]
    [InlineData("/v1/accounts/NULLS/payments", """{"amount":"1","reference":"a\u0000b"}""", 422)]
    [InlineData("/v1/meters/NULLS/assignments", """{"at":"2026-03-02T00:00:00Z"}""", 400)]
    [InlineData("/v1/meters", """{"id":"NULL2","gateway":"G1","account":"a\u0000b"}""", 400)]
    [InlineData("/v1/accounts", """{"id":"NULL2","tariff":"flat","mode":"postpaid,instalments"}""", 422)]
    [InlineData("/v1/accounts", """{"id":"NULL2","tariff":"flat","openedOn":"0001-01-01"}""", 422)]
    [InlineData("/v1/keys", """{"role":"gateway,client","name":"x"}""", 422)]
    [InlineData("/v1/tariffs", """{"id":"n","currency":"CNY","zone":"UTC","rates":[null]}""", 400)]
    [InlineData("/v1/tariffs", """{"id":"n","currency":"CNY","zone":"UTC","rates":[{"name":"a","pricePerKwh":"1"}],"schedule":[null]}""", 400)]
    [InlineData("/v1/tariffs", """{"id":"n","currency":"CNY","zone":"UTC","rates":[{"name":"a","pricePerKwh":"1"}],"schedule":null}""", 400)]
    [InlineData("/v1/tariffs", """{"id":"n","currency":"CNY","zone":"UTC","rates":[{"name":"a\u0000","pricePerKwh":"1"}]}""", 400)]
    public async Task Nulls_and_rubbish_in_a_body_are_the_callers_error(string path, string body, int expected)
    {
        await grid.OpenAsync("NULLS");
        var (status, problem) =
            await grid.SendAsync(HttpMethod.Post, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Guid.NewGuid().ToString());
        Assert.Equal((expected, expected), (status, problem.GetProperty("status").GetInt32()));
        Assert.NotEmpty(Code(problem));
    }

    private async Task<(int, string)> CodeAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await grid.SendAsync(method, path, body);
        return (status, Code(answer));
    }

    private Task<(int Status, JsonElement Body)> PayAsync(string id, string amount, string key) =>
        grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/payments", new PaymentRequest(amount), key);

    private static string Code(JsonElement body) => body.GetProperty("code").GetString()!;
}
