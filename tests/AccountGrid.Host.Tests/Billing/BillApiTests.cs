using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Billing.Invoices;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>Bills of a grid whose company is configured: the page, the e-invoice and the ledger agree.</summary>
public sealed class BillApiTests : IAsyncLifetime
{
    private readonly CustomerGrid _town = new()
    {
        Grid = new GridFixture
        {
            More = ["--Billing:Seller:Name=Hill Power GmbH", "--Billing:Seller:Country=CN", "--Billing:Seller:VatId=CN123456789", "--Billing:BuyerCountry=CN",
                "--Billing:ZeroTaxCategory=Z", "--Notices:Company=Hill Power", "--Notices:Phone=95598", "--Notices:Language=en"],
        },
    };

    public ValueTask InitializeAsync() => _town.InitializeAsync();

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task A_bill_is_the_ledger_of_its_period_as_json_as_a_page_and_as_an_invoice()
    {
        await _town.OpenAsync("BILL", "postpaid", "cn-residential", []);
        await _town.PayAsync("BILL", "20");
        Assert.Equal(201,
            (await _town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/BILL/adjustments", new AdjustmentRequest("-27.5", "<call-out>"), key: "b1")).Status);
        await _town.LiveUntilBillAsync("BILL", whPerDay: 10_000);
        var bills = await Eventually.GetAsync(() => _town.Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/BILL/bills"),
            b => b.Count == 1 && b[0].Document is not null, "A written bill");
        var bill = bills[0].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        var month = bill.From[..7];

        // Registers, credits, what it asks for and the balance, each as the ledger has it.
        Assert.Equal(BillMoney.Parse(bill.Total), bill.Lines.Aggregate(Domain.WideMoney.Zero, (sum, l) => sum + BillMoney.Parse(l.Amount)));
        Assert.Equal(("payment", "20.000000000"), (Assert.Single(bill.Credits!).Kind, bill.Payments));
        Assert.Equal(("debit", "7.500000000", "<call-out>"), (bill.Owed![0].Kind, bill.Owed[0].Amount, bill.Owed[0].Reason));
        Assert.Equal(BillMoney.Parse(bill.Balance),
            bill.Movements!.Aggregate(BillMoney.Parse(bill.Opening!), (sum, m) => sum + BillMoney.Parse(m.Amount)));
        Assert.Equal((bill.EnergyWh, "measured"), (Assert.Single(bill.Meters!).EnergyWh, bill.Meters![0].ToQuality));
        Assert.Equal(bill.EnergyWh, Assert.Single(bill.Months!).EnergyWh);
        await _town.Grid.AssertAuditAsync();

        var page = await PageAsync($"/v1/accounts/BILL/bills/{month}?language=zh-CN");
        Assert.All(new[] { "Hill Power GmbH", "95598", "&lt;call-out&gt;", "实抄", "上期账单以来账户变动" },
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Equal((422, "bill.language_invalid"), await _town.CodeAsync(HttpMethod.Get, $"/v1/accounts/BILL/bills/{month}?language=fr"));

        // The buyer must have been known by name when the bill was closed; then the invoice is of the bill's charges.
        var path = $"/v1/accounts/BILL/bills/{month}/invoice.xml";
        Assert.Equal((422, "invoice.buyer_unknown"), await _town.CodeAsync(HttpMethod.Get, path));
        await NameAsync("BILL", "C-2", "Next", bill.ClosedAt.AddDays(1));
        Assert.Equal((422, "invoice.buyer_unknown"), await _town.CodeAsync(HttpMethod.Get, path));
        await NameAsync("BILL", "C-1", "Ann & <Ben>", bill.ClosedAt.AddDays(-1));
        Assert.Equal((422, "invoice.endpoint_invalid"), await _town.CodeAsync(HttpMethod.Get, $"{path}?buyerEndpoint=me"));
        Assert.Equal((422, "invoice.setting_missing"), await _town.CodeAsync(HttpMethod.Get, $"{path}?buyerEndpoint=0088:1"));
        Assert.Equal((404, "bill.unknown"), await _town.CodeAsync(HttpMethod.Get, "/v1/accounts/BILL/bills/1999-01/invoice.xml"));
        Assert.Equal((404, "account.unknown"), await _town.CodeAsync(HttpMethod.Get, "/v1/accounts/NONE/bills/1999-01/invoice.xml"));
        var xml = XDocument.Parse(await PageAsync(path)).Root!;
        XNamespace basics = UblWriter.Basics;
        Assert.Contains(xml.Descendants(basics + "RegistrationName"), e => e.Value == "Ann & <Ben>");
        Assert.Equal(BillMoney.Round(bill.Currency, bill.Open!), xml.Descendants(basics + "PayableAmount").Single().Value);
        Assert.Contains("Ann &amp; &lt;Ben&gt;", await PageAsync($"/v1/accounts/BILL/bills/{month}"), StringComparison.Ordinal);

        // What people wrote goes with an erasure; the figures stay.
        Assert.Equal(200, (await _town.Grid.SendAsync(HttpMethod.Delete, "/v1/accounts/BILL/personal-data")).Status);
        page = await PageAsync($"/v1/accounts/BILL/bills/{month}");
        Assert.DoesNotContain("Ann", page, StringComparison.Ordinal);
        Assert.DoesNotContain("call-out", page, StringComparison.Ordinal);
        Assert.Contains("[erased]", page, StringComparison.Ordinal);
        var after = (await _town.Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/BILL/bills"))[0].Document!.Value;
        Assert.Equal("7.500000000", after.Deserialize<BillDocument>(JsonSerializerOptions.Web)!.Owed![0].Amount);
    }

    private async Task<string> PageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _town.Grid.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>A customer that has the account from an instant on, as far as the history of accounts says.</summary>
    private async Task NameAsync(string account, string id, string name, DateTimeOffset at)
    {
        await using var command = _town.Grid.Database.CreateCommand(
            """
            with made as (
              insert into customer (id, name, name_key, class, size, language, contact, body_hash, created_by, created_at, changed_at)
              values ($3, $2, $2, 'residential', 'small', 'en', '[]', '', 'a test', now(), now()) returning id),
            owned as (
              insert into customer_account (account, customer, since) select a.number, m.id, now() from account a, made m where a.id = $1
              on conflict (account) do update set customer = excluded.customer)
            insert into customer_account_change (account, customer, is_attached, person, at) select a.number, m.id, true, 'a test', $4 from account a, made m
            where a.id = $1
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = at.ToUniversalTime() });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A price with a tax takes effect in the month: its days and the others are on one bill, which has no single rate.</summary>
    [Fact]
    public async Task A_bill_over_a_change_of_price_has_the_prices_that_held()
    {
        await _town.OpenAsync("OVER", "postpaid", "cn-residential", []);
        var from = DateOnly.FromDateTime(_town.Grid.Time.GetUtcNow().DateTime).AddDays(12);
        var (status, body) = await _town.Grid.SendAsync(HttpMethod.Post, "/v1/tariffs", GridFixture.Flat() with
        {
            Version = 2,
            EffectiveFrom = from,
            Rates = [new("flat", "0.80")],
            TaxBasisPoints = 1_300,
        });
        Assert.True(status == 201, body.ToString());
        await _town.LiveUntilBillAsync("OVER", whPerDay: 10_000);
        var bills = await Eventually.GetAsync(() => _town.Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/OVER/bills"),
            b => b.Count == 1 && b[0].Document is not null, "A written bill");
        var bill = bills[0].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        Assert.Equal([(0, "0.500000"), (1_300, "0.800000")],
            bill.Lines.Where(l => l.Kind == "energy").Select(l => (l.TaxBasisPoints!.Value, l.PricePerKwh!)));
        Assert.Null(bill.Lines.Single(l => l.Kind == "tax").TaxBasisPoints);
        Assert.Equal(BillMoney.Parse(bill.Total), bill.Lines.Aggregate(Domain.WideMoney.Zero, (sum, l) => sum + BillMoney.Parse(l.Amount)));
    }
}
