using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>Direct debit through the API of a grid of its own, whose clock is moved over weeks: mandates, notices, runs, results, returns.</summary>
public sealed class DirectDebitApiTests(CustomerGrid town) : DirectDebitTests(town)
{
    [Fact]
    public async Task From_the_mandate_to_a_return_weeks_later()
    {
        await RegisterAsync();
        string[] accounts = ["DD-RET", "DD-OTHER", "DD-GONE", "DD-PART", "DD-EARLY", "DD-MAX", "DD-FUNDS"];
        foreach (var account in accounts)
        {
            await Town.OpenAsync(account, "postpaid", "cn-residential", []);
            await MandateAsync(account, $"M-{account}", account == "DD-MAX" ? "79.99" : null);
            var debit = new AdjustmentRequest("-80", "x");
            Assert.Equal(201, (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/adjustments", debit, $"a{account}")).Status);
        }

        var due = await BilledAsync(accounts);
        var refused = await Town.CodeAsync(HttpMethod.Post, "/v1/direct-debit/announcements", new DebitDayRequest(Channel, Today));
        Assert.Equal((422, "debit.day_invalid"), refused);
        var announced = await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, due));
        Assert.Equal(("announced", 6L, "480.000000000"), (announced.Items[0].State, announced.Items[0].Count, announced.Items[0].Amount));
        Assert.Equal(("debit.above_maximum", 1L), (announced.NotAnnounced![0].Why, announced.NotAnnounced[0].Count));
        Assert.Equal(announced.Items, (await Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, due))).Items);
        var notice = (await Town.NoticesAsync("DD-RET", n => n.Any(x => x.Kind == "direct-debit"))).Where(n => n.Kind == "direct-debit");
        Assert.Single(notice);

        await Town.PayAsync("DD-OTHER", "80");
        await Town.PayAsync("DD-PART", "30");
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
        await ShownAsync(due, file);

        await ResultsAsync(due);
        await ReturnsAsync(due);
        await Grid.AssertAuditAsync();
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Delete, "/v1/accounts/DD-RET/personal-data")).Status);
        Assert.Equal((410, "debit.file_erased"), await Town.CodeAsync(HttpMethod.Get, $"/v1/direct-debit/runs/{Channel}/{due:yyyy-MM-dd}/file"));
        Assert.Equal(("", "cancelled"), await MandateOf("DD-RET"));
    }

    [Fact]
    public async Task A_mandate_is_registered_once_shown_masked_and_ends_for_ever()
    {
        await RegisterAsync();
        await Town.OpenAsync("DD-M", "postpaid", "cn-residential", []);
        await Town.OpenAsync("DD-N", "postpaid", "cn-residential", []);
        var mandate = await MandateAsync("DD-M", "M-1", "500");
        Assert.Equal(("622****5678", "用***", "active", "FRST", "500.000000000"),
            (mandate.DebtorAccount, mandate.DebtorName, mandate.State, mandate.NextSequence, mandate.MaxAmount));
        Assert.Equal(mandate, await MandateAsync("DD-M", "M-1", "500", status: 200));
        Assert.Equal((409, "debit.mandate_reused"), await Town.CodeAsync(HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-1", Request("501")));
        Assert.Equal((409, "debit.mandate_reused"), await Town.CodeAsync(HttpMethod.Put, "/v1/accounts/DD-N/mandates/M-1", Request("500")));
        Assert.Equal((422, "debit.mandate_invalid"), await Town.CodeAsync(
            HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-2", Request(null) with { Scheme = "core" }));
        Assert.Equal((422, "debit.channel_invalid"), await Town.CodeAsync(
            HttpMethod.Put, "/v1/accounts/DD-M/mandates/M-2", Request(null) with { Channel = "no" }));
        Assert.Equal((404, "account.unknown"), await Town.CodeAsync(HttpMethod.Put, "/v1/accounts/NOBODY/mandates/M-2", Request(null)));
        Assert.Equal((404, "debit.mandate_unknown"), await Town.CodeAsync(HttpMethod.Get, "/v1/accounts/DD-N/mandates/M-1"));
        var state = "/v1/accounts/DD-M/mandates/M-1/state";
        Assert.Equal((422, "debit.mandate_invalid"), await Town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("gone", "x")));
        Assert.Equal((422, "text.invalid"), await Town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("suspended", " ")));
        Assert.Equal("suspended", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("suspended", "asked for"))).State);
        Assert.Equal("active", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("active", "asked for"))).State);
        Assert.Equal("cancelled", (await Grid.Admin.PostAsync<MandateAnswer>(state, new MandateStateRequest("cancelled", "asked for"))).State);
        Assert.Equal((409, "debit.mandate_ended"), await Town.CodeAsync(HttpMethod.Post, state, new MandateStateRequest("active", "x")));
        var personal = await Grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/DD-M/personal-data");
        Assert.Equal(("M-1", "6222020200012345678", "用户一"), (personal.Mandates[0].Id, personal.Mandates[0].DebtorAccount, personal.Mandates[0].DebtorName));
        Assert.Single(await Grid.Admin.ListAsync<MandateAnswer>("/v1/accounts/DD-M/mandates"));
    }

    /// <summary>The console's page of the day, and its file.</summary>
    private async Task ShownAsync(DateOnly due, string file)
    {
        using var browser = await OperatorConsole.ConsoleBrowser.AsAsync(Grid, "administrator");
        await browser.GetAsync($"/console/debits/{Channel}/{due:yyyy-MM-dd}?state=sent");
        Assert.Contains("<a href=\"/console/accounts/DD-RET\">DD-RET</a>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"/console/debits/{Channel}/{due:yyyy-MM-dd}/file");
        Assert.Equal((200, $"{Channel}-{due:yyyy-MM-dd}"), (browser.Status, browser.Last.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal(
            AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!.GetBytes(file),
            await browser.Last.Content.ReadAsByteArrayAsync());
        Assert.Contains(await Grid.Admin.ListAsync<AccountGrid.Host.Security.AuditedAnswer>("/v1/audit"),
            r => r.Path == $"/v1/direct-debit/runs/{Channel}/{due:yyyy-MM-dd}/file" && r.Person.StartsWith("operator", StringComparison.Ordinal));
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
        Assert.Equal(2, (await CasesAsync("DD-FUNDS", 2)).Count(c => c.Kind == "debit-returned"));
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
        await Eventually.GetAsync(
            async () => (await Grid.Admin.GetAsync<JsonElement>("/v1/accounts/DD-RET/interlock")).GetRawText(),
            i => i.Contains("PaymentDispute", StringComparison.Ordinal), "A hold of DD-RET");
        await MoveAsync(Today.AddDays(5));
        Assert.DoesNotContain((await Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/DD-RET/entries")).Data, e => e.Kind == "late-fee");
    }
}
