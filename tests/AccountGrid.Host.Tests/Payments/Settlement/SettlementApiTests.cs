using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Security;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>Settlement files against a grid: imported once, compared each day, decided by people, signed off.</summary>
public sealed class SettlementApiTests(GridFixture grid)
{
    [Fact]
    public async Task A_file_is_imported_once_and_its_differences_are_decided_and_signed_off()
    {
        await grid.OpenAsync("ST-A");
        using var bank = await ChannelAsync("st-bank");
        await PayAsync(bank, "T1", "ST-A", "10");
        await PayAsync(bank, "T2", "ST-A", "20");
        await PayAsync(bank, "T4", "ST-A", "40");
        var text = File(("T1", "ST-A", "10"), ("T2", "ST-A", "21"), ("T3", "ST-A", "30"));
        var answer = await ImportAsync(bank, text, "?fileId=F1&count=3&amount=61");
        Assert.Equal(("csv", 3, "61.00", Yesterday()), (answer.Format, answer.Lines, answer.Payments, answer.FirstDay));
        Assert.Equal(JsonSerializer.Serialize(answer), JsonSerializer.Serialize(await ImportAsync(bank, text, "?fileId=again")));
        Assert.Equal(3, await CountAsync("select count(*) from channel_settlement_line where channel = 'st-bank'"));

        var missing = await LinesAsync(bank, answer.Id, "?result=missing_here");
        Assert.Equal(("T3", "missing_here", null), (missing.Data[0].ChannelTxnId, missing.Data[0].Result, missing.Data[0].MatchedWith));
        var notThere = Assert.Single((await LinesAsync(bank, answer.Id, "?result=missing_there")).Data);
        Assert.Equal((0, "T4", "40.000000000", "missing_there"), (notThere.Line, notThere.ChannelTxnId, notThere.Amount, notThere.Result));
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, $"/v1/channel/settlements/{answer.Id}/lines?cursor=eA", http: bank)).Status);
        var first = await LinesAsync(bank, answer.Id, "?limit=2");
        var second = await LinesAsync(bank, answer.Id, $"?limit=2&cursor={first.NextCursor}");
        Assert.Equal([("T1", "matched"), ("T2", "amount"), ("T3", "missing_here")], first.Data.Concat(second.Data).Select(l => (l.ChannelTxnId, l.Result)));
        Assert.Null(second.NextCursor);

        var day = await DayAsync("st-bank");
        Assert.Equal(("open", 3, 0), (day.State, day.OpenItems, day.Corrections));
        Assert.Equal([("matched", 1, "10.000000000"), ("missing_here", 1, "30.000000000"), ("missing_there", 1, "40.000000000"), ("amount", 1, "21.000000000")],
            day.Results.Select(r => (r.Result, r.Count, r.Amount)));
        Assert.Equal((422, "reconciliation.items_open"), await SignOffCodeAsync("st-bank", Yesterday()));

        var items = (await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-bank")}/items")).Data;
        var (here, there, amount) = (items.Single(i => i.Result == "missing_here"), items.Single(i => i.Result == "missing_there"),
            items.Single(i => i.Result == "amount"));
        Assert.Equal(("book_payment", "reverse_payment", "rebook_payment"), (here.Proposal, there.Proposal, amount.Proposal));
        Assert.Equal("accepted", (await DecideAsync("st-bank", here, "accept")).Outcome);
        Assert.Equal("accepted", (await DecideAsync("st-bank", here, "accept")).Outcome);
        Assert.Equal((409, "reconciliation.item_decided"), await DecideCodeAsync("st-bank", here.Key, "reject", "no"));
        Assert.Equal("reversal done, accepted", (await DecideAsync("st-bank", amount, "accept")).Outcome);
        Assert.Equal("rejected", (await DecideAsync("st-bank", there, "reject")).Outcome);
        await grid.BalanceAsync("ST-A", "101.0");

        var signed = await grid.Admin.PostAsync<ReconciliationDayAnswer>($"{Path("st-bank")}/sign-off", new SignOffRequest("as told by the bank"));
        Assert.Equal(("signed", 0, "as told by the bank"), (signed.State, signed.OpenItems, signed.Note));
        Assert.Equal([("matched", 3), ("missing_there", 1)], signed.Results.Select(r => (r.Result, r.Count)));
        Assert.Equal(JsonSerializer.Serialize(signed), JsonSerializer.Serialize(
            await grid.Admin.PostAsync<ReconciliationDayAnswer>($"{Path("st-bank")}/sign-off", new SignOffRequest("once more"))));

        // A later file gives corrections, and what was signed stays.
        await ImportAsync(bank, File(("T4", "ST-A", "40"), ("T5", "ST-A", "5")), "");
        var later = await DayAsync("st-bank");
        Assert.Equal(JsonSerializer.Serialize(signed.Results), JsonSerializer.Serialize(later.Results));
        Assert.Equal((1, 1, signed.SignedAt), (later.OpenItems, later.Corrections, later.SignedAt));
        var correction = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-bank")}/items?state=open")).Data);
        Assert.Equal(("T5", true), (correction.ChannelTxnId, correction.IsCorrection));
        await DecideAsync("st-bank", correction, "accept");
        await grid.BalanceAsync("ST-A", "106.0");
        items = (await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-bank")}/items")).Data;
        Assert.Equal("rejected", items.Single(i => i.Key == there.Key).State);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_day_with_differences_is_a_case_until_it_is_signed_off_and_what_comes_later_is_another()
    {
        await grid.OpenAsync("ST-CASE");
        using var bank = await ChannelAsync("st-case");
        await ImportAsync(bank, File(("T1", "ST-CASE", "30")), "");
        await DayAsync("st-case");
        var day = $"{Yesterday():yyyy-MM-dd}";
        Assert.Equal(("open", "30.000000000"), await CaseOfAsync(day));
        var items = (await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-case")}/items")).Data;
        Assert.Equal("rejected", (await DecideAsync("st-case", Assert.Single(items), "reject")).Outcome);
        Assert.Equal("open", (await CaseOfAsync(day)).State);
        Assert.Equal("signed", (await grid.Admin.PostAsync<ReconciliationDayAnswer>($"{Path("st-case")}/sign-off", new SignOffRequest())).State);
        Assert.Equal("closed", (await CaseOfAsync(day)).State);
        await ImportAsync(bank, File(("T2", "ST-CASE", "5")), "");
        await DayAsync("st-case");
        Assert.Equal(("open", "5.000000000"), await CaseOfAsync($"{day} corrections"));
        items = (await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-case")}/items?state=open")).Data;
        Assert.Equal("rejected", (await DecideAsync("st-case", Assert.Single(items), "reject")).Outcome);
        Assert.Equal("closed", (await CaseOfAsync($"{day} corrections")).State);
        Assert.Equal("closed", (await CaseOfAsync(day)).State);
    }

    [Fact]
    public async Task A_file_before_its_payments_and_a_reversal_before_its_payment_end_matched()
    {
        await grid.OpenAsync("ST-B");
        using var bank = await ChannelAsync("st-early");
        var text = File(("E1", "ST-B", "10"), ("E2", "ST-B", "20")) + Row("RE2", "ST-B", "-20", "E2");
        await ImportAsync(bank, text, "");
        Assert.Equal([("matched", 2), ("missing_here", 1)], (await DayAsync("st-early")).Results.Select(r => (r.Result, r.Count)));
        await PayAsync(bank, "E1", "ST-B", "10");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/reversals",
            new ChannelReversalRequest("RE2", "E2", "20", "timeout", At()), http: bank)).Status);
        Assert.Equal("payment.txn_closed", (await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", Payment("E2", "ST-B", "20"), http: bank)).Body
            .GetProperty("code").GetString());
        var day = await DayAsync("st-early");
        Assert.Equal([("matched", 3)], day.Results.Select(r => (r.Result, r.Count)));
        Assert.Equal(0, day.OpenItems);
        var gone = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-early")}/items?state=gone")).Data);
        Assert.Equal("E1", gone.ChannelTxnId);
        Assert.Equal((404, "reconciliation.item_unknown"), await DecideCodeAsync("st-early", gone.Key, "accept", "why"));
        await grid.BalanceAsync("ST-B", "10.0");
    }

    [Fact]
    public async Task A_pair_that_is_alike_is_matched_when_a_person_says_so_and_a_refund_takes_the_payment_back()
    {
        await grid.OpenAsync("ST-C");
        using var bank = await ChannelAsync("st-pair");
        await PayAsync(bank, "P1", "ST-C", "10");
        await PayAsync(bank, "P2", "ST-C", "20");
        await ImportAsync(bank, File(("OTHER", "ST-C", "10"), ("P2", "ST-C", "20")) + Row("R2", "ST-C", "-20", "P2"), "");
        var items = (await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-pair")}/items")).Data;
        Assert.Equal(["pair", "pair", "reverse_payment"], items.Select(i => i.Proposal).Order());
        Assert.Equal("paired", (await DecideAsync("st-pair", items.Single(i => i.ChannelTxnId == "OTHER"), "accept")).Outcome);
        Assert.Equal("reversal done", (await DecideAsync("st-pair", items.Single(i => i.ChannelTxnId == "R2"), "accept")).Outcome);
        Assert.Equal([("matched", 3)], (await DayAsync("st-pair")).Results.Select(r => (r.Result, r.Count)));
        Assert.Equal("signed",
            (await grid.Admin.PostAsync<ReconciliationDayAnswer>($"{Path("st-pair")}/sign-off", new SignOffRequest())).State);
        await grid.BalanceAsync("ST-C", "10.0");
    }

    [Fact]
    public async Task A_file_with_errors_is_refused_with_all_of_them_and_nothing_is_taken()
    {
        using var bank = await ChannelAsync("st-wrong");
        var (status, body) = await SendAsync(bank, "/v1/channel/settlements", File(("T1", "A", "1e3"), ("T2", "A", "x")));
        Assert.Equal((422, "settlement.invalid"), (status, body.GetProperty("code").GetString()));
        Assert.Equal(
            ["line 2: amount: '1e3' is not a decimal number such as 12.50, less than nine billion.",
                "line 3: amount: 'x' is not a decimal number such as 12.50, less than nine billion."],
            body.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
        (status, body) = await SendAsync(bank, "/v1/channel/settlements?count=2&amount=9&fees=1", File(("T1", "A", "10")));
        Assert.Equal(422, status);
        Assert.Equal(
            ["the file: count: '2' is not 1.00, the count of lines.", "the file: amount: '9' is not 10.00, payments less refunds.",
                "the file: fees: '1' is not 0.00, the sum of the fees."],
            body.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("the file: businessDay: it is missing; right is the day that a file without lines is for.",
            (await SendAsync(bank, "/v1/channel/settlements", File())).Body.GetProperty("errors")[0].GetString());
        Assert.Equal(0, await CountAsync("select count(*) from channel_settlement where channel = 'st-wrong'"));
        Assert.Equal("amount.invalid", (await SendAsync(bank, "/v1/channel/settlements?amount=x", File())).Body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_empty_file_that_names_its_day_makes_the_day_ready_for_sign_off()
    {
        using var bank = await ChannelAsync("st-empty");
        Assert.Equal((422, "reconciliation.no_file"), await SignOffCodeAsync("st-empty", Yesterday()));
        var answer = await ImportAsync(bank, File(), string.Create(CultureInfo.InvariantCulture, $"?businessDay={Yesterday():yyyy-MM-dd}"));
        Assert.Equal((0, Yesterday()), (answer.Lines, answer.FirstDay));
        Assert.Equal((422, "reconciliation.day_not_over"), await SignOffCodeAsync("st-empty", Yesterday().AddDays(1)));
        Assert.Equal("signed", (await grid.Admin.PostAsync<ReconciliationDayAnswer>($"{Path("st-empty")}/sign-off", new SignOffRequest())).State);
    }

    [Fact]
    public async Task Staff_import_and_look_and_only_administrators_decide_and_each_channel_sees_its_own()
    {
        using var bank = await ChannelAsync("st-own");
        using var other = await ChannelAsync("st-other");
        using var auditor = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("auditor", "a"))).Key);
        var (status, body) = await SendAsync(grid.Http, "/v1/channels/st-own/settlements", File(("T1", "NOBODY", "1")));
        Assert.Equal(200, status);
        var id = body.GetProperty("id").GetString();
        Assert.Single((await LinesAsync(bank, id!, "")).Data);
        Assert.Equal(404, (await grid.SendAsync(HttpMethod.Get, $"/v1/channel/settlements/{id}/lines", http: other)).Status);
        Assert.Equal("settlement.unknown",
            (await grid.SendAsync(HttpMethod.Get, $"/v1/channels/st-other/settlements/{id}/lines")).Body.GetProperty("code").GetString());
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, $"/v1/channels/st-own/settlements/{id}/lines?result=lost")).Status);
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, $"{Path("st-own")}/items?state=lost")).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, $"/v1/channels/st-own/settlements/{id}/lines", http: auditor)).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, Path("st-own"), http: auditor)).Status);
        Assert.Equal(404, (await grid.SendAsync(HttpMethod.Get, Path("st-none"))).Status);
        var item = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-own")}/items")).Data);
        foreach (var http in new[] { auditor, bank })
        {
            var decision = new DecideItemRequest("accept", "r");
            Assert.Equal(403, (await grid.SendAsync(HttpMethod.Post, $"{Path("st-own")}/items/{item.Key}", decision, http: http)).Status);
            Assert.Equal(403, (await grid.SendAsync(HttpMethod.Post, $"{Path("st-own")}/sign-off", new SignOffRequest(), http: http)).Status);
            Assert.Equal(403, (await SendAsync(http, "/v1/channels/st-own/settlements", File(("T2", "A", "1")))).Status);
        }

        Assert.Equal((400, "request.value_invalid"), await DecideCodeAsync("st-own", item.Key, "maybe", "r"));
        Assert.Equal((422, "text.invalid"), await DecideCodeAsync("st-own", item.Key, "accept", " "));
        Assert.Equal("held", (await DecideAsync("st-own", item, "accept")).Outcome);
        using var plain = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "p", Channel: "st-plain"))).Key);
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition("st-plain") with { Settlement = null });
        Assert.Equal("settlement.mapping_missing", (await SendAsync(plain, "/v1/channel/settlements", File())).Body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_channel_without_a_mapping_sends_rows_and_what_it_remits()
    {
        await grid.OpenAsync("ST-R");
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition("st-rows") with { Settlement = null });
        using var bank = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "r", Channel: "st-rows"))).Key);
        await PayAsync(bank, "J1", "ST-R", "10");
        const string Url = "/v1/channel/settlements?count=1&amount=10&fees=0.3&bankRef=REM-7&net=";
        var paid = new { kind = "payment", channelTxnId = "J1", amount = "10.00", fee = "0.30", businessDay = $"{Yesterday():yyyy-MM-dd}" };
        var rows = new { rows = new[] { paid } };
        var (status, body) = await grid.SendAsync(HttpMethod.Post, $"{Url}9.8", rows, http: bank);
        Assert.Equal((422, "the file: net: '9.8' is not 9.70, payments less refunds and fees."), (status, body.GetProperty("errors")[0].GetString()));
        (status, body) = await grid.SendAsync(HttpMethod.Post, $"{Url}9.7", rows, http: bank);
        Assert.Equal((200, "rows", "9.70", "REM-7"),
            (status, body.GetProperty("format").GetString(), body.GetProperty("net").GetString(), body.GetProperty("bankRef").GetString()));
        var line = Assert.Single((await LinesAsync(bank, body.GetProperty("id").GetString()!, "")).Data);
        Assert.Equal(("J1", "10.000000000", "0.300000000"), (line.ChannelTxnId, line.Amount, line.Fee));
    }

    [Fact]
    public async Task A_correction_that_is_refused_leaves_its_difference_open()
    {
        await grid.OpenAsync("ST-D");
        using var bank = await ChannelAsync("st-refuse");
        await PayAsync(bank, "D1", "ST-D", "10");
        await ImportAsync(bank, File(("D1", "ST-D", "10")) + Row("RD1", "ST-D", "-9", "D1"), "");
        var item = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-refuse")}/items")).Data);
        Assert.Equal("reverse_payment", item.Proposal);
        Assert.Equal((422, "reversal.amount_differs"), await DecideCodeAsync("st-refuse", item.Key, "accept", "why"));
        Assert.Equal("open", Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-refuse")}/items")).Data).State);
        Assert.Equal("rejected", (await DecideAsync("st-refuse", item, "reject")).Outcome);
        await grid.BalanceAsync("ST-D", "10.0");
    }

    [Fact]
    public async Task An_accepted_correction_whose_process_died_is_carried_out_once()
    {
        await grid.OpenAsync("ST-E");
        using var bank = await ChannelAsync("st-dead");
        await ImportAsync(bank, File(("E1", "ST-E", "10")), "");
        var item = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-dead")}/items")).Data);
        await grid.Host.Services.GetRequiredService<ReconciliationItems>().DecideAsync("st-dead", Yesterday(), item.Key, "accepted", "a person", "the letter");
        var keeper = grid.Host.Services.GetRequiredService<CorrectionKeeper>();
        await keeper.EndLeftAsync(TimeSpan.Zero);
        await keeper.EndLeftAsync(TimeSpan.Zero);
        Assert.Equal("accepted", (await DecideAsync("st-dead", item, "accept")).Outcome);
        await grid.BalanceAsync("ST-E", "10.0");
    }

    [Fact]
    public async Task What_was_sold_out_of_a_float_is_not_booked_from_a_file()
    {
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition("st-agents") with { Kind = "agent" });
        using var agents = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", "a", Channel: "st-agents"))).Key);
        await ImportAsync(agents, File(("S1", "ST-NONE", "10")), "");
        var item = Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-agents")}/items")).Data);
        Assert.Equal((422, "reconciliation.correction_refused"), await DecideCodeAsync("st-agents", item.Key, "accept", "why"));
        Assert.Equal("open", Assert.Single((await grid.Admin.GetAsync<Page<ReconciliationItemAnswer>>($"{Path("st-agents")}/items")).Data).State);
    }

    [Fact]
    public async Task A_wrong_mapping_is_refused_with_the_channel()
    {
        var mapping = Definition("st-map").Settlement! with { Format = "xls", Zone = "China" };
        var (status, body) = await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition("st-map") with { Settlement = mapping });
        Assert.Equal((422, "channel.invalid"), (status, body.GetProperty("code").GetString()));
        Assert.StartsWith("settlement.format: 'xls' is not csv, wechat, alipay, mpesa, camt. settlement.zone: 'China'", body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    private async Task<(string State, string Amount)> CaseOfAsync(string thing) =>
        (await grid.Admin.GetAsync<CaseHistoryAnswer>($"/v1/cases/{CaseDesk.IdOfChannel(CaseKind.Reconciliation, "st-case", thing)}")).Case is var c
            ? (c.State, c.Amount)
            : default;

    private DateOnly Yesterday() => PaymentChannelRules.LocalDay(Definition("any"), grid.Time.GetUtcNow()).AddDays(-1);

    private DateTimeOffset At() => new(Yesterday().ToDateTime(new TimeOnly(9, 0)), TimeSpan.FromHours(8));

    private string Path(string channel) =>
        string.Create(CultureInfo.InvariantCulture, $"/v1/channels/{channel}/reconciliation/{Yesterday():yyyy-MM-dd}");

    private static PaymentChannelDefinition Definition(string id) => new()
    {
        Id = id,
        Kind = "bank",
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["bank", "card"],
        MaxAmount = "5000",
        Settlement = new()
        {
            Format = "csv",
            Csv = new()
            {
                Columns = new("amount", "txn", "time", Account: "account", Original: "original"),
                NegativeIsRefund = true,
            },
        },
    };

    private async Task<HttpClient> ChannelAsync(string id)
    {
        await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition(id));
        return grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id))).Key);
    }

    private ChannelPaymentRequest Payment(string txn, string account, string amount) => new(txn, account, amount, "CNY", At(), Yesterday(), "bank");

    private async Task PayAsync(HttpClient bank, string txn, string account, string amount) =>
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", Payment(txn, account, amount), http: bank)).Status);

    private string File(params (string Txn, string Account, string Amount)[] rows) =>
        "txn,account,amount,time,original\n" + string.Concat(rows.Select(r => Row(r.Txn, r.Account, r.Amount, "")));

    private string Row(string txn, string account, string amount, string original) =>
        string.Create(CultureInfo.InvariantCulture, $"{txn},{account},{amount},{Yesterday():yyyy-MM-dd} 09:00:00,{original}\n");

    private static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient http, string path, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new("application/octet-stream");
        using var response = await http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<SettlementAnswer> ImportAsync(HttpClient http, string text, string query)
    {
        var (status, body) = await SendAsync(http, $"/v1/channel/settlements{query}", text);
        Assert.True(status == 200, $"{status} {body}");
        return body.Deserialize<SettlementAnswer>(JsonSerializerOptions.Web)!;
    }

    private static async Task<Page<SettlementLineAnswer>> LinesAsync(HttpClient http, string id, string query) =>
        (await http.GetFromJsonAsync<Page<SettlementLineAnswer>>($"/v1/channel/settlements/{id}/lines{query}"))!;

    private Task<ReconciliationDayAnswer> DayAsync(string channel) => grid.Admin.GetAsync<ReconciliationDayAnswer>(Path(channel));

    private async Task<ReconciliationItemAnswer> DecideAsync(string channel, ReconciliationItemAnswer item, string decision) =>
        await grid.Admin.PostAsync<ReconciliationItemAnswer>($"{Path(channel)}/items/{item.Key}", new DecideItemRequest(decision, "the bank's letter"));

    private async Task<(int Status, string? Code)> DecideCodeAsync(string channel, string key, string decision, string reason)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Post, $"{Path(channel)}/items/{key}", new DecideItemRequest(decision, reason));
        return (status, body.GetProperty("code").GetString());
    }

    private async Task<(int Status, string? Code)> SignOffCodeAsync(string channel, DateOnly day)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/v1/channels/{channel}/reconciliation/{day:yyyy-MM-dd}/sign-off");
        var (status, body) = await grid.SendAsync(HttpMethod.Post, path, new SignOffRequest());
        return (status, body.GetProperty("code").GetString());
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
