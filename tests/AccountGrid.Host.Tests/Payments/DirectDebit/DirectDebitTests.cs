using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>What tests of direct debit do with a grid of their own, whose clock is moved over weeks.</summary>
public abstract class DirectDebitTests(CustomerGrid town) : IClassFixture<CustomerGrid>
{
    protected const string Channel = "dd";

    protected CustomerGrid Town => town;

    protected GridFixture Grid => town.Grid;

    protected DateOnly Today => DateOnly.FromDateTime(Grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    protected async Task RegisterAsync(bool isDaily = false)
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
            DirectDebit = DebitFileTests.Batch with { NoticeDays = 1, LeadDays = 0, Daily = isDaily, Results = DebitResultFileTests.Results },
        };
        Assert.True((await Grid.SendAsync(HttpMethod.Post, "/v1/channels", definition)).Status is 200 or 201);
    }

    protected Task<DebitDayAnswer> AnnounceAsync(DateOnly day) =>
        Grid.Admin.PostAsync<DebitDayAnswer>("/v1/direct-debit/announcements", new DebitDayRequest(Channel, day));

    /// <summary>The collections of a day, by their ids.</summary>
    protected async Task<IReadOnlyList<DebitItemAnswer>> ItemsAsync(DateOnly day) =>
        (await Grid.Admin.GetAsync<Page<DebitItemAnswer>>($"/v1/direct-debit/items/{Channel}/{day:yyyy-MM-dd}")).Data;

    protected MandateRequest Request(string? most) => new(Channel, "batch", new(2026, 3, 1), "用户一", "6222020200012345678", MaxAmount: most);

    protected async Task<MandateAnswer> MandateAsync(
        string account, string id, string? most, int status = 201, DateOnly? signedOn = null, bool isOneOff = false)
    {
        var (answered, body) = await Grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{account}/mandates/{id}",
            Request(most) with { SignedOn = signedOn ?? new(2026, 3, 1), OneOff = isOneOff });
        Assert.True(answered == status, body.ToString());
        return body.Deserialize<MandateAnswer>(JsonSerializerOptions.Web)!;
    }

    protected async Task<(string Account, string State)> MandateOf(string account)
    {
        var mandate = Assert.Single(await Grid.Admin.ListAsync<MandateAnswer>($"/v1/accounts/{account}/mandates"));
        return (mandate.DebtorAccount, mandate.State);
    }

    /// <summary>Days go by until all accounts have their first bill; the day on which it is due.</summary>
    protected async Task<DateOnly> BilledAsync(string[] accounts)
    {
        for (var day = 0; day < 45; day++)
        {
            await MoveAsync(Today.AddDays(1));
            var due = await DuesAsync(accounts);
            if (due.TrueForAll(d => d > default(DateOnly)))
            {
                return due.Distinct().Single();
            }
        }

        throw new InvalidOperationException("No bill came in 45 days.");
    }

    /// <summary>The latest due day of each account; the first day of all where it has no bill.</summary>
    protected async Task<List<DateOnly>> DuesAsync(string[] accounts)
    {
        var due = new List<DateOnly>();
        foreach (var account in accounts)
        {
            var bills = await Grid.Admin.ListAsync<BillAnswer>($"/v1/accounts/{account}/bills");
            due.Add(bills.Where(b => b.Due is not null)
                .Select(b => DateOnly.ParseExact(b.Due!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max());
        }

        return due;
    }

    /// <summary>Goes on day by day to noon of a day; each day what is due is done.</summary>
    protected async Task MoveAsync(DateOnly day)
    {
        while (Today < day)
        {
            var next = Today.AddDays(1).ToDateTime(new TimeOnly(4, 0), DateTimeKind.Utc);
            Grid.Time.Shift(next - Grid.Time.GetUtcNow());
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }
    }

    /// <summary>Makes a run, or waits until whoever makes it is done.</summary>
    protected Task<DebitRunAnswer> RunAsync(DateOnly day) => Eventually.GetAsync(
        () => Grid.Admin.PostAsync<DebitRunAnswer>("/v1/direct-debit/runs", new DebitDayRequest(Channel, day)), r => r.State == "made", $"The run for {day}");

    protected async Task<string> FileAsync(DateOnly day)
    {
        using var response = await Grid.Http.GetAsync($"/v1/direct-debit/runs/{Channel}/{day:yyyy-MM-dd}/file");
        response.EnsureSuccessStatusCode();
        return AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!.GetString(await response.Content.ReadAsByteArrayAsync());
    }

    protected async Task<(int Status, JsonElement Body)> ImportAsync(string text)
    {
        using var content = new ByteArrayContent(AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await Grid.Http.PostAsync($"/v1/direct-debit/results/{Channel}", content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    protected async Task<string> OutcomesAsync(string text)
    {
        var (status, body) = await ImportAsync(text);
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("outcomes").GetRawText();
    }

    protected Task<IReadOnlyList<CaseAnswer>> CasesAsync(string account, int count = 1) => Eventually.GetAsync(
        async () => (await Grid.Admin.GetAsync<Page<CaseAnswer>>($"/v1/cases?account={account}")).Data, c => c.Count(x => x.Kind == "debit-returned") >= count,
        $"Cases of {account}");

    protected async Task ExecuteAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
