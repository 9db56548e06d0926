using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using AccountGrid.Client;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Database;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Security;
using AccountGrid.Host.Surveys;
using Npgsql;

namespace AccountGrid.Host.Cli;

/// <summary>
/// What a company does beside metering, once each, after the demo's town has lived: a bank's file with one difference is reconciled, an agent sells out of its
/// float, a customer answers a survey, and the month's report is written. Everything goes through the API, as it does for others.
/// </summary>
internal sealed partial class DemoOffice(GridHost host, GridClient admin, TimeProvider time)
{
    private const string Bank = "demo-bank";
    private const string Shops = "demo-shops";
    private const string Shop = "demo-shop";

    /// <summary>The account whose customer is asked.</summary>
    private static readonly string Asked = DemoWorld.AccountId(8);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DateOnly _yesterday = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime).AddDays(-1);

    /// <summary>A line for each thing that was done.</summary>
    public async IAsyncEnumerable<string> RunAsync()
    {
        yield return await ReconcileAsync();
        yield return await SellAsync();
        yield return await AskAsync();
        yield return await ReportAsync();
    }

    [GeneratedRegex("/s/[A-Za-z0-9_-]{59}")]
    private static partial Regex Link();

    private ChannelPaymentRequest Payment(string txn, string account, string amount, string tender) =>
        new(txn, account, amount, "CNY", new DateTimeOffset(_yesterday.ToDateTime(new TimeOnly(12, 0)), TimeSpan.FromHours(8)), _yesterday, tender);

    private Task OpenChannelAsync(string id, string kind, string tender, object? settlement) => admin.RegisterAsync("/v1/channels", new
    {
        id,
        kind,
        effectiveFrom = "2026-01-01",
        currency = "CNY",
        zone = "Asia/Shanghai",
        tenders = new[] { tender },
        maxAmount = "5000",
        settlement,
    });

    /// <summary>The bank's file has a payment that the grid does not know: it is booked, and the day is signed off.</summary>
    private async Task<string> ReconcileAsync()
    {
        var columns = new { txn = "txn", account = "account", amount = "amount", day = "day" };
        await OpenChannelAsync(Bank, "bank", "bank", new { format = "csv", csv = new { columns } });
        var key = (await admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", Bank, Channel: Bank))).Key;
        using var bank = new GridClient(admin.Url, key);
        var file = new StringBuilder("txn,account,amount,day\n");
        for (var n = 1; n <= 4; n++)
        {
            var payment = Payment($"B{n}", DemoWorld.AccountId(n), $"{n}0.00", "bank");
            file.Append(CultureInfo.InvariantCulture, $"{payment.ChannelTxnId},{payment.Account},{payment.Amount},{_yesterday:yyyy-MM-dd}\n");
            if (n < 4)
            {
                await bank.PostAsync<ChannelPaymentAnswer>("/v1/channel/payments", payment);
            }
        }

        var path = host.Data.In($"{Bank}-{_yesterday:yyyyMMdd}.csv");
        await File.WriteAllTextAsync(path, file.ToString());
        using (var http = new HttpClient { BaseAddress = new Uri(admin.Url) })
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var body = new StringContent(file.ToString(), Encoding.UTF8, "text/csv");
            using var imported = await http.PostAsync("/v1/channel/settlements?count=4&amount=100", body);
            imported.EnsureSuccessStatusCode();
        }

        var day = $"/v1/channels/{Bank}/reconciliation/{_yesterday:yyyy-MM-dd}";
        var item = (await admin.GetAsync<Page<ReconciliationItemAnswer>>($"{day}/items?state=open")).Data.Single();
        var decided = await admin.PostAsync<ReconciliationItemAnswer>($"{day}/items/{item.Key}", new DecideItemRequest("accept", "The bank has the money."));
        var signed = await admin.PostAsync<ReconciliationDayAnswer>($"{day}/sign-off", new SignOffRequest("demo"));
        return $"A bank's file:           {path}: 3 payments matched, {item.ChannelTxnId} of {item.Account} was {item.Result}, "
            + $"{item.Proposal} was {decided.Outcome}; the day is {signed.State}.";
    }

    /// <summary>The third sale is more than the float holds.</summary>
    private async Task<string> SellAsync()
    {
        await OpenChannelAsync(Shops, "agent", "cash", settlement: null);
        await admin.RegisterAsync("/v1/agents", new AgentRequest(Shop, Shops));
        await admin.PostAsync<object>($"/v1/agents/{Shop}/float", new FloatRequest("deposit", "100", "demo"));
        var key = (await admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("agent", Shop, Agent: Shop))).Key;
        using var terminal = new GridClient(admin.Url, key);
        await terminal.PostAsync<ChannelPaymentAnswer>("/v1/channel/payments", Payment("S1", DemoWorld.AccountId(5), "60.00", "cash"));
        await terminal.PostAsync<ChannelPaymentAnswer>("/v1/channel/payments", Payment("S2", DemoWorld.AccountId(6), "30.00", "cash"));
        try
        {
            await terminal.PostAsync<ChannelPaymentAnswer>("/v1/channel/payments", Payment("S3", DemoWorld.AccountId(7), "20.00", "cash"));
            throw new InvalidOperationException("A sale that the float could not pay was accepted.");
        }
        catch (GridException refused)
        {
            var left = await admin.GetAsync<AgentAnswer>($"/v1/agents/{Shop}");
            return $"An agent:                {Shop} sold 60 and 30 of a float of 100 and has {Round(left.Float)} left; "
                + $"a sale of 20 was refused: {refused.Code}.";
        }
    }

    private static string Round(string amount) => decimal.Parse(amount, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The customer of one account pays, is asked, and answers on the page of the link.</summary>
    private async Task<string> AskAsync()
    {
        var (sampler, options) = (host.Services.GetRequiredService<SurveySampler>(), host.Services.GetRequiredService<SurveyOptions>());
        await SetCustomerAsync(Asked);
        await RoundAsync();
        options.PaymentsPerMille = 1_000;
        await admin.PostAsync<MoneyAnswer>($"/v1/accounts/{Asked}/payments", new PaymentRequest("20", "counter"), "demo-survey");
        await RoundAsync();
        options.PaymentsPerMille = 0;
        var link = await LinkAsync();
        using var http = new HttpClient { BaseAddress = new Uri(admin.Url) };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("satisfaction", "5"), KeyValuePair.Create("effort", "6")]);
        using var answered = await http.PostAsync(link, form);
        answered.EnsureSuccessStatusCode();
        return $"A survey:                {new Uri(new Uri(admin.Url), link)} was answered with 5 of 5; it counts once.";

        async Task RoundAsync()
        {
            await admin.PostAsync<object>("/v1/operations/checkpoint", new { });
            await sampler.RoundAsync();
            await admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }
    }

    /// <summary>Only customers under a policy pack get messages.</summary>
    private async Task SetCustomerAsync(string account)
    {
        using var http = new HttpClient { BaseAddress = new Uri(admin.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.AdministratorKey);
        using var set = await http.PutAsJsonAsync($"/v1/accounts/{account}/customer", new CustomerRequest("cn-residential"));
        set.EnsureSuccessStatusCode();
    }

    /// <summary>The link as the customer gets it: in the text of the message.</summary>
    private async Task<string> LinkAsync()
    {
        var started = time.GetTimestamp();
        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select o.message from outbox o join account a on a.partition = o.partition and a.number = o.account "
                + "where a.id = $1 and o.kind = 'survey' and o.message is not null");
        Statements.Add(command, Asked);
        while (time.GetElapsedTime(started) < Patience)
        {
            if (await command.ExecuteScalarAsync() is string text && Link().Match(text) is { Success: true } link)
            {
                return link.Value;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time);
        }

        throw new InvalidOperationException("No survey was sent.");
    }

    private async Task<string> ReportAsync()
    {
        await admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        await host.Services.GetRequiredService<FigureProjector>().CountAsync();
        var today = _yesterday.AddDays(1);
        var paths = await ReportCommand.WriteAsync(admin, new DateOnly(today.Year, today.Month, 1), host.Data.Root);
        return $"The month's report:      {paths[0]}";
    }
}
