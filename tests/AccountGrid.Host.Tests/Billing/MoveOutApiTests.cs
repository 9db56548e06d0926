using System.Text.Json;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Grades;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>An account's billing cycle and its end through the API, with what the audit says of both.</summary>
public sealed class MoveOutApiTests : IAsyncLifetime
{
    private readonly CustomerGrid _town = new();

    public ValueTask InitializeAsync() => _town.InitializeAsync();

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task A_cycle_is_changed_and_a_move_out_gives_a_final_bill_and_pays_credit_out()
    {
        await _town.OpenAsync("OUT", "postpaid", "cn-residential", []);
        await _town.OpenAsync("NEXT", "postpaid", "cn-residential", []);
        Assert.Equal((422, "billing_cycle.invalid"), await SetAsync(0, 1));
        Assert.Equal((422, "billing_cycle.invalid"), await SetAsync(15, 4));
        Assert.Equal((200, null), await SetAsync(15, 2));
        var set = await _town.CustomerAsync("OUT");
        Assert.Equal([new BillingCycleAnswer(null, 31, 1, false), new("2026-04-01", 15, 2, false)], set.Billing);
        Assert.Equal("2026-03-01", set.BilledThrough);

        await _town.LiveAsync("OUT", 3, 10_000);
        await _town.PayAsync("OUT", "100");
        var meter = await _town.Grid.Admin.GetAsync<MeterAnswer>("/v1/meters/OUT");
        await _town.Grid.Admin.PostAsync<MeterAnswer>("/v1/meters/OUT/assignments", new AssignMeterRequest("NEXT", meter.At, meter.RegisterWh));
        Assert.Equal((200, null), await _town.CodeAsync(HttpMethod.Post, "/v1/accounts/OUT/close", new CloseAccountRequest("moved out")));
        Assert.Equal((409, "account.closed"), await SetAsync(15, 1));
        await _town.LiveAsync("NEXT", 3, 1_000);

        var bill = Assert.Single(await Eventually.GetAsync(() => _town.Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/OUT/bills"),
            b => b.Count == 1 && b[0].Document is not null, "A written bill"));
        var document = bill.Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        Assert.Equal((true, bill.To, "0.000000000"), (document.IsFinal, document.To, document.ToPay));
        Assert.EndsWith("20260302", document.Id, StringComparison.Ordinal);
        Assert.Equal("final-bill", Assert.Single(await _town.NoticesAsync("OUT", n => n.Count > 0)).Kind);
        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/OUT/bills/{bill.From}?language=en"))
        {
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await _town.Grid.Http.SendAsync(request);
            Assert.Contains("<h1>Final bill</h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var left = (BillMoney.Parse("100") - BillMoney.Parse(document.Total)).ToString();
        var order = Assert.Single((await _town.Grid.Admin.GetAsync<Page<CaseAnswer>>("/v1/cases?kind=pay-out")).Data);
        Assert.Equal(("OUT", left), (order.Account, order.Amount));
        Assert.Equal(201, (await _town.Grid.SendAsync(HttpMethod.Post, "/v1/accounts/OUT/refunds", new RefundRequest(left, "moved out"), key: "r1")).Status);
        await _town.Grid.AssertAuditAsync();
    }

    /// <summary>
    /// Bills from 16 February to 15 April and on to 15 May, 1 kWh a day: of the months that they cover from the first to the last day, March and April, the use
    /// is known.
    /// </summary>
    [Fact]
    public async Task Use_by_month_is_known_where_periods_begin_and_end_in_different_months()
    {
        await _town.OpenAsync("CROSS", "postpaid", "cn-residential", []);
        Assert.Equal(201, (await _town.Grid.SendAsync(
            HttpMethod.Post, "/v1/customers", new CustomerProfileRequest("Customer", "business", "large", "C-CROSS", Accounts: ["CROSS"]))).Status);
        await using (var insert = _town.Grid.Database.CreateCommand(
            """
            with made as (
              insert into bill (partition, id, account, position, created_ms, from_day, to_day, amount_nano, facts, document)
              select a.partition, a.number || b.name, a.number, 900000000, 1, b.first::date, b.last::date, 1, '{"energyWh": 1}', '{}' from account a,
                (values ('-202602', '2026-02-16', '2026-04-15'), ('-202604', '2026-04-16', '2026-05-15')) b (name, first, last) where a.id = 'CROSS')
            insert into meter_day (partition, meter, assignment, day, register, account, tariff, before_ms, before_wh, before_quality, point_count, points,
              rate_wh, energy_nano, held_wh, entry_position, from_position, to_position)
            select a.partition, 900000, 0, d::date, 0, a.number, 1, 0, 0, 0, 0, '', '{400,600}', 0, 0, 0, 0, 0
            from account a, generate_series(date '2026-02-16', date '2026-05-15', interval '1 day') d where a.id = 'CROSS'
            """))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var source = _town.Grid.Host.Services.GetRequiredService<GradeSource>();
        var account = Assert.Single(Assert.Single(await source.ReadAsync(["C-CROSS"], new DateOnly(2026, 6, 1).DayNumber)).Accounts);
        Assert.Equal([(MonthNumber.Of(new DateOnly(2026, 3, 1).DayNumber), 31_000), (MonthNumber.Of(new DateOnly(2026, 4, 1).DayNumber), 30_000L)],
            account.Use.Select(u => (u.Month, u.Energy.Wh)).OrderBy(u => u.Month.Value));
    }

    private Task<(int, string?)> SetAsync(int day, int months) =>
        _town.CodeAsync(HttpMethod.Post, "/v1/accounts/OUT/billing-cycle", new BillingCycleRequest(day, months));
}
