using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>Direct debit through the API of a grid of its own, whose clock is moved over weeks: mandates, notices, runs, results, returns.</summary>
public sealed class DirectDebitApiTests(CustomerGrid town) : IClassFixture<CustomerGrid>
{
    private const string Channel = "dd";

    private GridFixture Grid => town.Grid;

    private DateOnly Today => DateOnly.FromDateTime(Grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    [Fact]
    public async Task From_the_mandate_to_a_return_weeks_later()
    {
        await RegisterAsync();
        string[] accounts = ["DD-RET", "DD-OTHER", "DD-GONE", "DD-PART", "DD-EARLY", "DD-MAX", "DD-FUNDS"];
        foreach (var account in accounts)
        {
            await town.OpenAsync(account, "postpaid", "cn-residential", []);
            await MandateAsync(account, $"M-{account}", account == "DD-MAX" ? "79.99" : null);
            var debit = new AdjustmentRequest("-80", "x");
            Assert.Equal(201, (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/adjustments", debit, $"a{account}")).Status);
        }

        var due = await BilledAsync(accounts);
        var refused = await town.CodeAsync(HttpMethod.Post, "/v1/direct-debit/announcements", new DebitDayRequest(Channel, Today));
        Assert.Equal((422, "debit.day_invalid"), refused);
        var announced = await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, due));
        Assert.Equal(("announced", 6L, "480.000000000"), (announced.Items[0].State, announced.Items[0].Count, announced.Items[0].Amount));
        Assert.Equal(("debit.above_maximum", 1L), (announced.NotAnnounced![0].Why, announced.NotAnnounced[0].Count));
        Assert.Equal(announced.Items, (await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, due))).Items);
        var notice = (await town.NoticesAsync("DD-RET", n => n.Any(x => x.Kind == "direct-debit"))).Where(n => n.Kind == "direct-debit");
        Assert.Single(notice);

        await town.PayAsync("DD-OTHER", "80");
        await town.PayAsync("DD-PART", "30");
        Assert.Equal("cancelled", (await Grid.Admin.PostAsync<MandateAnswer>(
            "/v1/accounts/DD-GONE/mandates/M-DD-GONE/state", new MandateStateRequest("cancelled", "by letter"))).State);
        await MoveAsync(due);
        var run = await RunAsync(due);
        Assert.Equal("made", run.State);
        Assert.Equal(
            [
                ("sent", null, 4L, "290.000000000"), ("skipped", "debit.mandate_inactive", 1L, "80.000000000"),
                ("skipped", "debit.nothing_owed", 1L, "80.000000000"),
            ],
            run.Items.Select(i => (i.State, i.Why, i.Count, i.Amount)));

        // The process dies between a claim and its row, and before the run's end: what goes on finds the same.
        await ExecuteAsync("update debit_item set state = 'claimed' where state = 'sent'; update debit_run set state = 'open'");
        await Grid.Host.Services.GetRequiredService<DebitBookkeeper>().EndLeftAsync(TimeSpan.Zero);
        Assert.Equal(JsonSerializer.Serialize(run), JsonSerializer.Serialize(await RunAsync(due)));
        var file = await FileAsync(due);
        Assert.Equal(file, await FileAsync(due));
        Assert.StartsWith($"B|{run.MessageId}|{due:yyyyMMdd}|4|29000\r\n", file, StringComparison.Ordinal);

        await ResultsAsync(due);
        await ReturnsAsync(due);
        await Grid.AssertAuditAsync();
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Delete, "/v1/accounts/DD-RET/personal-data")).Status);
        Assert.Equal((410, "debit.file_erased"), await town.CodeAsync(HttpMethod.Get, $"/v1/direct-debit/runs/{Channel}/{due:yyyy-MM-dd}/file"));
        Assert.Equal(("", "cancelled"), await MandateOf("DD-RET"));
    }

    [Fact]
    public async Task A_mandate_is_registered_once_shown_masked_and_ends_for_ever()
    {
        await RegisterAsync();
        await town.OpenAsync("DD-M", "postpaid", "cn-residential", []);
        await town.OpenAsync("DD-N", "postpaid", "cn-residential", []);
        var mandate = await MandateAsync("DD-M", "M-1", "500");
        Assert.Equal(("622****5678", "用***", "active", "FRST", "500.000000000"),
            (mandate.DebtorAccount, mandate.DebtorName, mandate.State, mandate.NextSequence, mandate.MaxAmount));
        Assert.Equal(mandate, await MandateAsync("DD-M", "M-1", "500", status: 200));
        Assert.Equal((409, "debit.mandate_reused"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-1", Request("501")));
        Assert.Equal((409, "debit.mandate_reused"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/DD-N/mandates/M-1", Request("500")));
        Assert.Equal((422, "debit.mandate_invalid"), await town.CodeAsync(
            HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-2", Request(null) with { Scheme = "core" }));
        Assert.Equal((422, "debit.channel_invalid"), await town.CodeAsync(
            HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-2", Request(null) with { Channel = "no" }));
        Assert.Equal((404, "account.unknown"), await town.CodeAsync(HttpMethod.Put, "/v1/accounts/NOBODY/mandates/M-2", Request(null)));
        Assert.Equal((404, "debit.mandate_unknown"), await town.CodeAsync(HttpMethod.Get, "/v1/accounts/DD-N/mandates/M-1"));
        var state = "/v1/accounts/DD-M/mandates/M-1/state";
        Assert.Equal((422, "debit.mandate_invalid"), await town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("gone", "x")));
        Assert.Equal((422, "text.invalid"), await town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("suspended", " ")));
        Assert.Equal("suspended", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("suspended", "asked for"))).State);
        Assert.Equal("active", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("active", "asked for"))).State);
        Assert.Equal("cancelled", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("cancelled", "asked for"))).State);
        Assert.Equal((409, "debit.mandate_ended"), await town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("active", "x")));
        var personal = await Grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/DD-M/personal-data");
        Assert.Equal(("M-1", "6222020200012345678", "用户一"), (personal.Mandates[0].Id, personal.Mandates[0].DebtorAccount, personal.Mandates[0].DebtorName));
        Assert.Single(await Grid.Admin.GetAsync<List<MandateAnswer>>("/v1/accounts/DD-M/mandates"));
    }

    private async Task ResultsAsync(DateOnly due)
    {
        var items = (await Grid.Admin.GetAsync<Page<DebitItemAnswer>>($"/v1/direct-debit/items/{Channel}/{due:yyyy-MM-dd}?state=sent")).Data
            .ToDictionary(i => i.Account);
        Assert.Equal(("50.000000000", "80.000000000", "FRST"), (items["DD-PART"].Amount, items["DD-PART"].Announced, items["DD-PART"].Sequence));
        string Line(string account, string result, string reason = "", string? amount = null) =>
            $"1|{items[account].Id}|{amount ?? (account == "DD-PART" ? "5000" : "8000")}|{result}|{reason}\n";

        // One wrong line: nothing of the file is taken.
        var wrong = Line("DD-RET", "00") + Line("DD-PART", "00", amount: "8000");
        var (status, body) = await ImportAsync(wrong);
        Assert.Equal((422, "debit.result_invalid"), (status, body.GetProperty("code").GetString()));
        Assert.Contains("line 2: amount: '80.000000000' is not 50.000000000", body.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        await Grid.BalanceAsync("DD-RET", "-80.0");

        var paid = Line("DD-RET", "00") + Line("DD-PART", "00");
        Assert.Equal("{\"booked\":2}", await OutcomesAsync(paid));
        Assert.Equal("{\"booked\":2}", await OutcomesAsync(paid));
        Assert.Equal("{\"known\":1}", await OutcomesAsync(Line("DD-RET", "00")));
        await Grid.BalanceAsync("DD-RET", "0.0");
        await Grid.BalanceAsync("DD-PART", "0.0");

        // A return before its acceptance: nothing is ever booked.
        Assert.Equal("{\"rejected\":1}", await OutcomesAsync(Line("DD-EARLY", "51", "MD01")));
        Assert.Equal("{\"known\":1}", await OutcomesAsync(Line("DD-EARLY", "00")));
        await Grid.BalanceAsync("DD-EARLY", "-80.0");
        Assert.Equal("cancelled", (await MandateOf("DD-EARLY")).State);

        // Funds were missing: it is collected once more, and then no more.
        Assert.Equal("{\"rejected\":1}", await OutcomesAsync(Line("DD-FUNDS", "51", "AM04")));
        var again = Today.AddDays(1);
        var announced = await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, again));
        Assert.Equal(("announced", 1L), (Assert.Single(announced.Items).State, announced.Items[0].Count));
        await MoveAsync(again);
        Assert.Equal("sent", Assert.Single((await RunAsync(again)).Items).State);
        var second = Assert.Single((await Grid.Admin.GetAsync<Page<DebitItemAnswer>>($"/v1/direct-debit/items/{Channel}/{again:yyyy-MM-dd}")).Data);
        Assert.Equal((2, items["DD-FUNDS"].DueDay, "DD-FUNDS"), (second.Presentation, second.DueDay, second.Account));
        Assert.Equal("{\"rejected\":1}", await OutcomesAsync($"1|{second.Id}|8000|51|AM04\n"));
        Assert.Empty((await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, Today.AddDays(1)))).Items);
        Assert.Equal(2, (await CasesAsync("DD-FUNDS")).Count(c => c.Kind == "debit-returned"));
    }

    /// <summary>The customer has the money refunded after six weeks; the process dies after the first steps.</summary>
    private async Task ReturnsAsync(DateOnly due)
    {
        await MoveAsync(due.AddDays(42));
        var item = (await Grid.Admin.GetAsync<Page<DebitItemAnswer>>($"/v1/direct-debit/items/{Channel}/{due:yyyy-MM-dd}?state=paid")).Data
            .Single(i => i.Account == "DD-RET");
        var before = await Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/DD-RET/entries");
        Assert.DoesNotContain(before.Data, e => e.Kind == "late-fee");
        Assert.Equal("{\"returned\":1}", await OutcomesAsync($"9|{item.Id}|8000|51|MD06\n"));
        await ExecuteAsync("update debit_item set state = 'paid' where id = '" + item.Id + "'; update debit_result set outcome = null where item = '" + item.Id
            + "' and kind = 'returned'");
        await Grid.Host.Services.GetRequiredService<DebitBookkeeper>().EndLeftAsync(TimeSpan.Zero);
        Assert.Equal("{\"returned\":1}", await OutcomesAsync($"9|{item.Id}|8000|51|MD06\n"));
        await Grid.BalanceAsync("DD-RET", "-80.0");
        Assert.Equal("80.000000000", Assert.Single(await CasesAsync("DD-RET"), c => c.Kind == "debit-returned").Amount);
        var interlock = await Grid.Admin.GetAsync<JsonElement>("/v1/accounts/DD-RET/interlock");
        Assert.Contains("PaymentDispute", interlock.GetRawText(), StringComparison.Ordinal);
        await MoveAsync(Today.AddDays(5));
        Assert.DoesNotContain((await Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/DD-RET/entries")).Data, e => e.Kind == "late-fee");
    }

    private async Task RegisterAsync()
    {
        var definition = new PaymentChannelDefinition
        {
            Id = Channel,
            Kind = "direct-debit",
            EffectiveFrom = new(2026, 1, 1),
            Currency = "CNY",
            Zone = "Asia/Shanghai",
            Tenders = ["debit"],
            MaxAmount = "5000",
            DirectDebit = DebitFileTests.Batch with { NoticeDays = 1, LeadDays = 0, Results = DebitResultFileTests.Results },
        };
        Assert.True((await Grid.SendAsync(HttpMethod.Post, "/v1/channels", definition)).Status is 200 or 201);
    }

    private MandateRequest Request(string? most) => new(Channel, "batch", new(2026, 3, 1), "用户一", "6222020200012345678", MaxAmount: most);

    private async Task<MandateAnswer> MandateAsync(string account, string id, string? most, int status = 201)
    {
        var (answered, body) = await Grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{account}/mandates/{id}", Request(most));
        Assert.True(answered == status, body.ToString());
        return body.Deserialize<MandateAnswer>(JsonSerializerOptions.Web)!;
    }

    private async Task<(string Account, string State)> MandateOf(string account)
    {
        var mandate = Assert.Single(await Grid.Admin.GetAsync<List<MandateAnswer>>($"/v1/accounts/{account}/mandates"));
        return (mandate.DebtorAccount, mandate.State);
    }

    /// <summary>Days go by until all accounts have their first bill; the day on which it is due.</summary>
    private async Task<DateOnly> BilledAsync(string[] accounts)
    {
        for (var day = 0; day < 45; day++)
        {
            await MoveAsync(Today.AddDays(1));
            var due = new List<string?>();
            foreach (var account in accounts)
            {
                due.Add((await Grid.Admin.GetAsync<List<BillAnswer>>($"/v1/accounts/{account}/bills")).FirstOrDefault()?.Due);
            }

            if (due.TrueForAll(d => d is not null))
            {
                return DateOnly.ParseExact(due.Distinct().Single()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("No bill came in 45 days.");
    }

    /// <summary>Goes on day by day to noon of a day; each day what is due is done.</summary>
    private async Task MoveAsync(DateOnly day)
    {
        while (Today < day)
        {
            var next = Today.AddDays(1).ToDateTime(new TimeOnly(4, 0), DateTimeKind.Utc);
            Grid.Time.Shift(next - Grid.Time.GetUtcNow());
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }
    }

    private Task<DebitRunAnswer> RunAsync(DateOnly day) => Grid.Admin.PostAsync<DebitRunAnswer>("/v1/direct-debit/runs", new DebitDayRequest(Channel, day));

    private async Task<string> FileAsync(DateOnly day)
    {
        using var response = await Grid.Http.GetAsync($"/v1/direct-debit/runs/{Channel}/{day:yyyy-MM-dd}/file");
        response.EnsureSuccessStatusCode();
        return AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!.GetString(await response.Content.ReadAsByteArrayAsync());
    }

    private async Task<(int Status, JsonElement Body)> ImportAsync(string text)
    {
        using var content = new ByteArrayContent(AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await Grid.Http.PostAsync($"/v1/direct-debit/results/{Channel}", content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<string> OutcomesAsync(string text)
    {
        var (status, body) = await ImportAsync(text);
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("outcomes").GetRawText();
    }

    private Task<IReadOnlyList<CaseAnswer>> CasesAsync(string account) => Eventually.GetAsync(
        async () => (await Grid.Admin.GetAsync<Page<CaseAnswer>>($"/v1/cases?account={account}")).Data, c => c.Any(x => x.Kind == "debit-returned"),
        $"A case of {account}");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
