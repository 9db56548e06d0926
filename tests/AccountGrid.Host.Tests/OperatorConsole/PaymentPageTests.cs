using System.Globalization;
using System.Net;
using System.Text;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.Payments.DirectDebit;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console's pages of payment channels: what is decided there is done, and a question that failed does not look like an empty list.</summary>
public sealed class PaymentPageTests(GridFixture grid)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task A_day_of_a_channel_is_compared_decided_and_signed_off()
    {
        await grid.OpenAsync("CPP-A");
        using var bank = await ChannelAsync("cpp-bank", "bank");
        await PayAsync(bank, "T1", "CPP-A", "10");
        var day = Yesterday().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await ImportAsync(bank, $"txn,account,amount,time,original\nT1,CPP-A,10,{day} 09:00:00,\nT2,CPP-A,30,{day} 09:00:00,\nT3,CPP-A,40,{day} 09:00:00,\n");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync($"/console/channels/cpp-bank?from={day}&to={day}");
        Assert.Equal(200, browser.Status);
        Assert.Contains($"href=\"/console/channels/cpp-bank/days/{day}\"", browser.Text, StringComparison.Ordinal);
        var page = $"/console/channels/cpp-bank/days/{day}";
        await browser.GetAsync($"{page}?state=open");
        Assert.Contains("missing in the grid: T2", browser.Text, StringComparison.Ordinal);
        Assert.Contains("<dd title=\"30.000000000\">30.00 CNY</dd>", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Results of the comparison", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"{page}?compare=true");
        Assert.Contains("Results of the comparison", browser.Text, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\" title=\"70.000000000\">70.00 CNY</td>", browser.Text, StringComparison.Ordinal);

        // The form has what the link says, and leads back to the list with its filter.
        await browser.GetAsync($"{page}?state=open");
        var accept = LinkOf(browser.Text, "item-accept", "T2");
        await browser.GetAsync(accept);
        await browser.PostAsync(accept, ("f.reason", Hostile), ("step", "check"));
        Assert.Equal(200, browser.Status);
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync(accept, ("step", "do"));
        Assert.Equal($"{page}?state=open&done=item-accept", browser.Went);
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CPP-A", "40.0");
        await browser.GetAsync($"{page}?state=accepted");
        Assert.Contains("accepted", browser.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", browser.Text, StringComparison.Ordinal);

        // What cannot be yet is refused, and the reason is kept on the form.
        await browser.DoAsync("day-sign-off", null, ("channel", "cpp-bank"), ("day", day), ("note", "kept note"));
        Assert.Equal(422, browser.Status);
        Assert.Contains("reconciliation.items_open", browser.Text, StringComparison.Ordinal);
        Assert.Contains("kept note", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"{page}?state=open");
        var reject = LinkOf(browser.Text, "item-reject", "T3");
        await browser.GetAsync(reject);
        await browser.PostAsync(reject, ("f.reason", "the bank says so"), ("step", "check"));
        await browser.PostAsync(reject, ("step", "do"));
        await browser.DoAsync("day-sign-off", null, ("channel", "cpp-bank"), ("day", day), ("note", "all well"));
        Assert.Equal("/console?done=day-sign-off", browser.Went);
        await browser.GetAsync(page);
        Assert.Contains("signed off by operator adm-", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/do/day-sign-off", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"/console/channels/cpp-bank?from={day}&to={day}");
        Assert.Contains("signed off by operator adm-", browser.Text, StringComparison.Ordinal);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_held_payment_is_assigned_and_agents_get_their_floats()
    {
        await grid.OpenAsync("CPP-H");
        using var bank = await ChannelAsync("cpp-held", "bank");
        await PayAsync(bank, "H-1", "NOBODY", "5");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/suspense?channel=cpp-held");
        Assert.Contains(">H-1</td>", browser.Text, StringComparison.Ordinal);
        var assign = LinkOf(browser.Text, "held-assign", "H-1");
        await browser.GetAsync(assign);
        await browser.PostAsync(assign, ("f.account", "CPP-H"), ("f.reason", "the payer named it"), ("step", "check"));
        await browser.PostAsync(assign, ("step", "do"));
        Assert.Equal("/console/suspense?channel=cpp-held&done=held-assign", browser.Went);
        Assert.Contains("No payment is in suspense.", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CPP-H", "5.0");

        (await ChannelAsync("cpp-agents", "agent")).Dispose();
        await browser.DoAsync("agent-new", null, ("id", "cpp-agent"), ("channel", "cpp-agents"));
        Assert.Equal("/console?done=agent-new", browser.Went);
        await browser.DoAsync("agent-float", "cpp-agent", ("kind", "deposit"), ("amount", "120"), ("reference", "slip 1"));
        await browser.DoAsync("agent-float", "cpp-agent", ("kind", "commission"), ("amount", "1.5"), ("reference", "contract"));
        await browser.GetAsync("/console/agents?channel=cpp-agents");
        Assert.Contains("href=\"/console/agents/cpp-agent\"", browser.Text, StringComparison.Ordinal);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/agents/cpp-agent");
                return browser.Text;
            },
            t => t.Contains("<td>Deposit</td>", StringComparison.Ordinal), "The float's ledger");
        Assert.Contains("120.00 CNY", browser.Text, StringComparison.Ordinal);
        Assert.Contains("1.5 %", browser.Text, StringComparison.Ordinal);
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Runs_of_direct_debit_are_announced_made_and_shown()
    {
        var definition = Definition("cpp-dd", "direct-debit") with
        {
            Tenders = ["debit"],
            Settlement = null,
            DirectDebit = DebitFileTests.Batch with { NoticeDays = 1, LeadDays = 0, Daily = false, Results = DebitResultFileTests.Results },
        };
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", definition)).Status);
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/channels/cpp-dd");
        Assert.Contains("href=\"/console/debits/cpp-dd\"", browser.Text, StringComparison.Ordinal);
        var day = Yesterday().AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await browser.DoAsync("debit-announce", null, ("channel", "cpp-dd"), ("day", day));
        Assert.Equal("/console?done=debit-announce", browser.Went);
        await browser.GetAsync($"/console/debits/cpp-dd/day?day={day}");
        Assert.Equal($"/console/debits/cpp-dd/{day}", browser.Went);
        Assert.Contains("No run is made for this day.", browser.Text, StringComparison.Ordinal);
        var today = Yesterday().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await browser.DoAsync("debit-run", null, ("channel", "cpp-dd"), ("day", today));
        Assert.Equal("/console?done=debit-run", browser.Went);
        await browser.GetAsync("/console/debits/cpp-dd");
        Assert.Contains($"href=\"/console/debits/cpp-dd/{today}\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"/console/debits/cpp-dd/{today}");
        Assert.Contains("Download the file for the bank", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"/console/debits/cpp-dd/{today}/file");

        // There is nothing to collect: the API has no file, says so, and the look is in the trail.
        Assert.Equal(422, browser.Status);
        Assert.Contains(await grid.Admin.ListAsync<AuditedAnswer>("/v1/audit"), r => r.Path == $"/v1/direct-debit/runs/cpp-dd/{today}/file");
        await browser.GetAsync($"/console/debits/cpp-dd/{today}?state=nonsense");
        Assert.Contains("state: &#x27;nonsense&#x27; is not one of", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("There are no such collections.", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settlement_file_is_sent_and_what_is_wrong_in_one_is_named_by_line()
    {
        await grid.OpenAsync("CPP-F");
        (await ChannelAsync("cpp-file", "bank")).Dispose();
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/channels/cpp-file");
        Assert.Contains("href=\"/console/files/settlement?channel=cpp-file\"", browser.Text, StringComparison.Ordinal);
        var day = Yesterday().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        const string Address = "/console/files/settlement?channel=cpp-file";
        await browser.GetAsync(Address);
        await browser.SendFileAsync(Address, $"txn,account,amount,time,original\nF1,CPP-F,ten <b>,{day} 09:00:00,\n");
        Assert.Equal(422, browser.Status);
        Assert.Contains("line 2", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ten <b>", browser.Text, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            await browser.SendFileAsync(Address, $"txn,account,amount,time,original\nF1,CPP-F,10,{day} 09:00:00,\n");
            Assert.Equal(200, browser.Status);
            Assert.Contains("The file was taken.", browser.Text, StringComparison.Ordinal);
        }

        await browser.SendFileAsync(Address, "");
        Assert.Equal(422, browser.Status);
        await browser.SendFileAsync(Address, "x", mark: "forged");
        Assert.Equal(403, browser.Status);
        await browser.GetAsync("/console/files/settlement");
        Assert.Equal(404, browser.Status);
        using var auditor = await ConsoleBrowser.AsAsync(grid, "auditor");
        await auditor.GetAsync(Address);
        Assert.Equal(403, auditor.Status);
        await auditor.GetAsync("/console/channels/cpp-file");
        Assert.DoesNotContain("/console/files/", auditor.Text, StringComparison.Ordinal);
        await auditor.SendFileAsync(Address, "x");
        Assert.Equal(403, auditor.Status);
        await auditor.GetAsync($"/console/debits/cpp-dd/{day}/file");
        Assert.Equal(403, auditor.Status);
    }

    [Fact]
    public async Task What_the_api_refuses_stands_where_the_list_would()
    {
        (await ChannelAsync("cpp-empty", "bank")).Dispose();
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        await browser.GetAsync("/console/payments?measure=nonsense");
        Assert.Equal(200, browser.Status);
        Assert.Contains("measure: &#x27;nonsense&#x27; is not one of", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/payments?measure=satisfaction");
        Assert.Contains("Channels by one measure", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/channels/cpp-empty?from=2026-01-01&to=2026-12-31");
        Assert.Contains("is not a period of 1 to 31 days", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/channels/cpp-empty/days/2026-99-99");
        Assert.Equal(2, browser.Text.Split("role=\"alert\"").Length - 1);
        Assert.DoesNotContain("There are no such differences.", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/channels/none");
        Assert.Equal(404, browser.Status);
        await browser.GetAsync("/console/agents/a%2Fb%25c");
        Assert.Equal(404, browser.Status);
        await browser.GetAsync($"/console/suspense?channel={Uri.EscapeDataString(Hostile)}");
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);
    }

    private static string LinkOf(string page, string action, string about)
    {
        var from = page.IndexOf(about, StringComparison.Ordinal);
        var begin = page.IndexOf($"/console/do/{action}?", from, StringComparison.Ordinal);
        return WebUtility.HtmlDecode(page[begin..page.IndexOf('"', begin)]);
    }

    private DateOnly Yesterday() => PaymentChannelRules.LocalDay(Definition("any", "bank"), grid.Time.GetUtcNow()).AddDays(-1);

    private static PaymentChannelDefinition Definition(string id, string kind) => new()
    {
        Id = id,
        Kind = kind,
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Tenders = ["cash", "bank"],
        MaxAmount = "5000",
        Settlement = new()
        {
            Format = "csv",
            Csv = new() { Columns = new("amount", "txn", "time", Account: "account", Original: "original"), NegativeIsRefund = true },
        },
    };

    private async Task<HttpClient> ChannelAsync(string id, string kind)
    {
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/channels", Definition(id, kind))).Status);
        return grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id))).Key);
    }

    private async Task PayAsync(HttpClient bank, string txn, string account, string amount)
    {
        var at = new DateTimeOffset(Yesterday().ToDateTime(new TimeOnly(9, 0)), TimeSpan.FromHours(8));
        var request = new ChannelPaymentRequest(txn, account, amount, "CNY", at, Yesterday(), "bank");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", request, http: bank)).Status);
    }

    private static async Task ImportAsync(HttpClient bank, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new("application/octet-stream");
        using var response = await bank.PostAsync("/v1/channel/settlements", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
