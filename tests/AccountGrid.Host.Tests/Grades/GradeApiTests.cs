using System.Globalization;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Grades;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Grades;

/// <summary>Grades of customers that lived for some months, and what they decide.</summary>
public sealed class GradeApiTests(GradeApiTests.GradeTown town) : IClassFixture<GradeApiTests.GradeTown>
{
    private readonly CustomerGrid _customers = town.Customers;
    private readonly GridFixture _grid = town.Customers.Grid;

    private GradeKeeper Keeper => _grid.Host.Services.GetRequiredService<GradeKeeper>();

    private GradeStore Store => _grid.Host.Services.GetRequiredService<GradeStore>();

    [Fact]
    public async Task Whoever_pays_late_has_every_fact_of_it_with_its_points_and_who_pays_on_time_all_points()
    {
        await KeepAsync();
        var (punctual, late) = (await GradeAsync("GR-ON"), await GradeAsync("GR-LATE"));
        Assert.Equal(("B", null, "2026-04"), (punctual.Grade, punctual.Pending, punctual.Month));
        var good = punctual.Evaluations.Single(e => e.Month == "2026-04");
        Assert.Equal((95.00m, "A", "B"), (good.Points, good.Result, good.After));
        Assert.Equal([40m, 20m, 15m, 10m, 5m, 0m, 5m], good.Factors.Select(f => f.Points));

        // The bill of March was due in April and unpaid at its end.
        var bill = await BillAsync("GR-LATE-A");
        var days = new DateOnly(2026, 5, 1).DayNumber - DateOnly.Parse(bill.Due!, CultureInfo.InvariantCulture).DayNumber;
        Assert.InRange(days, 5, 14);
        var factors = late.Evaluations.Single(e => e.Month == "2026-04").Factors.ToDictionary(f => f.Kind);
        Near((11m + 1m - (days / 15m)) / 12m, factors["onTimeShare"].Fact);
        Near(days / 12m, factors["meanDaysLate"].Fact);
        Near((days - 1) / 30m, factors["worstArrears"].Fact);
        Assert.Equal(decimal.Round(40m * (11m + 1m - (days / 15m)) / 12m, 2), factors["onTimeShare"].Points);
        Assert.Equal((0m, 0m, 5), (factors["tenure"].Fact, factors["tenure"].Points, factors["tenure"].PointsMax));
        Assert.Equal((null, 5m), (factors["useFall"].Fact, factors["useFall"].Points));
        Assert.Equal((0m, 5m), (factors["returnedPayments"].Fact, factors["returnedPayments"].Points));

        // Days below zero of a prepaid account count as days late: all of April, and of March those since its first day was charged.
        var negative = (await GradeAsync("GR-PRE")).Evaluations.Single(e => e.Month == "2026-04").Factors.ToDictionary(f => f.Kind);
        Near((28m + 30m) / 12m, negative["meanDaysLate"].Fact);
        Near(10m / 12m, negative["onTimeShare"].Fact);

        static void Near(decimal expected, decimal? actual) => Assert.Equal(Math.Round(expected, 6), Math.Round(actual!.Value, 6));
    }

    [Fact]
    public async Task A_month_counts_once_and_has_the_same_facts_after_a_rebuild()
    {
        await KeepAsync();
        var before = await RowsAsync();
        Assert.True(before.Count >= 3);
        await KeepAsync();
        Assert.Equal(before, await RowsAsync());
        await _grid.Host.Services.GetRequiredService<FigureProjector>().ForgetAsync();
        await SqlAsync("delete from grade_evaluation where is_monthly and customer like 'GR-%'");
        await SqlAsync("update customer set grade_month = 0, grade_pending = null where id like 'GR-%'");
        await KeepAsync();
        Assert.Equal(before, await RowsAsync());

        async Task<List<string>> RowsAsync() => (await (await _grid.Database.OpenConnectionAsync()).QueryAsync<string>(
            """
            select concat_ws(' ', customer, day, points, result, factors, knock_outs) from grade_evaluation
            where is_monthly and customer in ('GR-ON', 'GR-LATE', 'GR-PRE') order by 1
            """)).AsList();
    }

    [Fact]
    public async Task A_breach_gives_D_at_once_with_its_reference_and_a_hazard_ends()
    {
        await CustomerAsync("GR-BREACH", "GR-BREACH-A");
        var found = await OpenCaseAsync("GR-BREACH-A");
        Assert.Equal("B", found.Grade);
        var breach = new BreachRequest("unremediedHazard", town.Today, "record 12");
        foreach (var (wrong, code) in new[]
        {
            (breach with { Kind = "oldArrears" }, "customer.breach_invalid"), (breach with { Day = town.Today.AddDays(1) }, "customer.breach_invalid"),
            (breach with { Reference = " " }, "text.invalid"),
        })
        {
            Assert.Equal((422, code), await _customers.CodeAsync(HttpMethod.Post, "/v1/customers/GR-BREACH/breaches", wrong));
        }

        Assert.Equal((404, "customer.unknown"), await _customers.CodeAsync(HttpMethod.Post, "/v1/customers/NONE/breaches", breach));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers/GR-BREACH/breaches", breach)).Status);
        }

        var grade = await GradeAsync("GR-BREACH");
        var entered = Assert.Single(grade.Breaches);
        Assert.Equal(("D", "unremediedHazard", "record 12"), (grade.Grade, entered.Kind, entered.Reference));
        Assert.StartsWith("key ", entered.MadeBy, StringComparison.Ordinal);
        var evaluation = Assert.Single(grade.Evaluations);
        Assert.Equal((null, "B", "D"), (evaluation.Month, evaluation.Before, evaluation.After));
        Assert.Equal(["unremediedHazard"], evaluation.KnockOuts);
        Assert.Contains((await _grid.Admin.GetAsync<Page<CustomerListItem>>("/v1/customers?grade=D&limit=500")).Data, c => c.Id == "GR-BREACH");
        Assert.Equal("D", (await CaseAsync(found.Id)).Grade);
        Assert.Equal(await SortKeyAsync(found.Id, 2) - CaseShift(), await SortKeyAsync(found.Id, 4));

        var end = new HazardEndRequest(town.Today, "record 13");
        var path = $"/v1/customers/GR-BREACH/breaches/{entered.Id}/end";
        Assert.Equal((404, "customer.breach_unknown"), await _customers.CodeAsync(HttpMethod.Post, path, end with { Day = town.Today.AddDays(-1) }));
        Assert.Equal((404, "customer.breach_unknown"), await _customers.CodeAsync(HttpMethod.Post, "/v1/customers/GR-ON/breaches/1000000/end", end));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, path, end)).Status);
        Assert.Equal((409, "customer.breach_ended"), await _customers.CodeAsync(HttpMethod.Post, path, end));
        Assert.Equal("record 13", Assert.Single((await GradeAsync("GR-BREACH")).Breaches).EndReference);

        // An account without a customer counts as B.
        var detached = new CustomerProfileRequest("GR-BREACH", "residential", "small", Accounts: []);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/GR-BREACH", detached)).Status);
        Assert.Equal("B", (await CaseAsync(found.Id)).Grade);

        long CaseShift() => Domain.Cases.CaseUrgency.ShiftOf(RiskGrade.D) - Domain.Cases.CaseUrgency.ShiftOf(RiskGrade.B);
        async Task<long> SortKeyAsync(string id, int grade) => await ScalarAsync<long>(
            $"select sort_key {(grade == 2 ? $"+ {CaseShift()}" : "")} from work_case where id = '{id}'");
    }

    [Fact]
    public async Task What_is_read_of_a_customer_is_its_own_use_vacancies_and_time()
    {
        await KeepAsync();
        var source = _grid.Host.Services.GetRequiredService<GradeSource>();
        var today = town.Today.DayNumber;
        var on = (await source.ReadAsync(["GR-ON"], today)).Single();
        var april = Assert.Single(on.Accounts.Single().Use, u => u.Month == MonthNumber.Of(new DateOnly(2026, 4, 1).DayNumber));
        Assert.InRange(april.Energy.Wh, 119_000, 121_000);
        Assert.Equal(("CNY", 0), (on.Accounts[0].Currency, on.Accounts[0].FromDay));

        // A vacancy counts until a later note corrects it.
        var note = new NoteRequest("We are away.", "vacant", From: new(2026, 4, 1), Until: new(2026, 4, 30));
        var (status, written) = await _grid.SendAsync(HttpMethod.Post, "/v1/customers/GR-ON/notes", note, "vacant-1");
        Assert.Equal(201, status);
        Assert.Equal([(new DateOnly(2026, 4, 1).DayNumber, new DateOnly(2026, 4, 30).DayNumber)], (await source.ReadAsync(["GR-ON"], today)).Single().Vacant);
        var corrected = new NoteRequest("We are not.", Corrects: written.GetProperty("id").GetInt64());
        Assert.Equal(201, (await _grid.SendAsync(HttpMethod.Post, "/v1/customers/GR-ON/notes", corrected, "vacant-2")).Status);
        Assert.Empty((await source.ReadAsync(["GR-ON"], today)).Single().Vacant);

        // An account that was another customer's is this one's from today on.
        await CustomerAsync("GR-FIRST", "GR-MOVED-A");
        var profile = new CustomerProfileRequest("GR-FIRST", "residential", "small", Accounts: []);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/GR-FIRST", profile)).Status);
        await town.RegisterAsync("GR-NEXT", "GR-MOVED-A");
        var read = await source.ReadAsync(["GR-NEXT", "GR-FIRST"], today);
        Assert.Equal(["GR-FIRST", "GR-NEXT"], read.Select(c => c.Id));
        Assert.Empty(read[0].Accounts);
        Assert.Equal(today, Assert.Single(read[1].Accounts).FromDay);
    }

    [Fact]
    public async Task Standing_follows_month_by_month_down_after_two_and_up_by_one()
    {
        await CustomerAsync("GR-STAND", "GR-STAND-A");
        var first = new DateOnly(2027, 1, 1);
        var grades = new List<string>();
        foreach (var (result, i) in new[] { RiskGrade.C, RiskGrade.C, RiskGrade.A, RiskGrade.A, RiskGrade.D, RiskGrade.A }.Select((r, i) => (r, i)))
        {
            Assert.Equal(1, await Store.SaveAsync([Scored(first.AddMonths(i), result)]));
            Assert.Equal(0, await Store.SaveAsync([Scored(first.AddMonths(i), RiskGrade.D)]));
            var grade = await GradeAsync("GR-STAND");
            grades.Add($"{grade.Grade} {grade.Pending ?? "-"}");
        }

        Assert.Equal(["B C", "C -", "B -", "A -", "A D", "A -"], grades);
        Assert.Equal(0, await Store.SaveAsync([Scored(first, RiskGrade.D) with { Month = null }]));

        static Evaluation Scored(DateOnly day, RiskGrade grade)
        {
            var facts = new RiskFacts(1, 0, 0, 1, 0, 3, null, []);
            return new("GR-STAND", day.DayNumber, MonthNumber.Of(day.DayNumber).Plus(-1), facts, RiskScoring.Of(facts) with { Grade = grade });
        }
    }

    [Fact]
    public async Task Bills_that_become_old_arrears_give_D_on_that_day_and_one_bad_customer_keeps_nobody_back()
    {
        await CustomerAsync("GR-BAD", "GR-BAD-A");
        await CustomerAsync("GR-OLD", "GR-OLD-A");
        await SqlAsync(
            """
            insert into bill (partition, id, account, position, created_ms, from_day, to_day, amount_nano, facts, document)
            select partition, number || '-202603', number, 900000000, 1, '2026-03-01', '2026-03-31', 1, '{"energyWh": "much"}', '{}' from account
            where id = 'GR-BAD-A'
            """);

        // Three months of this year: what only time makes, without any event.
        foreach (var (id, item) in new[] { "GR-OLD-A", "GR-BAD-A" }.SelectMany(id => Enumerable.Range(1, 3).Select(i => (id, i))))
        {
            await SqlAsync(
                $"""
                insert into item_move (partition, account, item, position, credit, day, due_day, nano)
                select partition, number, {item}, 900000000 + {item}, -1, '2026-01-01', date '2026-01-15' + {item} * 31, 1000000000 from account
                where id = '{id}'
                """);
        }

        // Settled and due 26 months ago: gone, while what is open stays. The account is no customer's: no grade changes.
        await _customers.OpenAsync("GR-ALONE-A", "postpaid", "cn-residential", []);
        await SqlAsync(
            """
            insert into item_move (partition, account, item, position, credit, day, due_day, nano)
            select a.partition, a.number, m.item, 900000090, m.credit, m.day::date, m.due::date, m.nano from account a,
              (values (90, -1, '2023-12-01', '2023-12-15', 5), (90, 3, '2023-12-20', null, 5), (91, -1, '2023-12-01', '2023-12-15', 5))
                m (item, credit, day, due, nano)
            where a.id = 'GR-ALONE-A'
            """);
        await Fresh().KeepAsync();
        Assert.Equal(91, await ScalarAsync<int>("select item from item_move where item >= 90 and position = 900000090"));
        await SqlAsync("delete from item_move where position = 900000090");
        var grade = await GradeAsync("GR-OLD");
        Assert.Equal("D", grade.Grade);
        Assert.Equal(["threeMonthsUnpaid"], grade.Evaluations[0].KnockOuts);
        Assert.Equal("B", (await GradeAsync("GR-BAD")).Grade);
        await SqlAsync("delete from customer_account where customer = 'GR-BAD'");
    }

    [Fact]
    public async Task A_plan_beyond_the_grade_is_refused_or_waits_for_a_second_person()
    {
        await SqlAsync("update customer set grade = 4 where id = 'GR-PLAN'");
        var owed = Money((await _customers.CustomerAsync("GR-PLAN-A")).Unpaid);
        var day = town.Today;
        PlanRequest Plan(int count) => new([.. Enumerable.Range(0, count).Select(i => new PlanInstalment(
            day.AddDays(1 + i), (owed * (i == 0 ? 0.4m : 0.6m / (count - 1))).ToString("0.00", CultureInfo.InvariantCulture)))]);
        var (status, body) = await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/GR-PLAN-A/plans", Plan(4));
        Assert.Equal("approval.needed", body.GetProperty("code").GetString());
        Assert.Contains("grade D is offered: at most 3, the first at least 40 %", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(status is >= 400 and < 500);
        (status, body) = await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/GR-PLAN-A/plans", Plan(4), key: "plan-1");
        Assert.Equal(202, status);
        var (approval, hash) = (body.GetProperty("approval").GetString(), body.GetProperty("hash").GetString());
        Assert.Equal(409, (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{approval}", new { agree = true, hash })).Status);
        using var second = _grid.WithKey(_customers.SecondKey);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{approval}", new { agree = true, hash }, http: second)).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Delete, "/v1/accounts/GR-PLAN-A/plans")).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/GR-PLAN-A/plans", Plan(3))).Status);
    }

    [Fact]
    public async Task A_grade_is_shown_to_those_who_look_after_the_customer()
    {
        await AreaAsync("gr-own");
        await CustomerAsync("GR-OWN", "GR-OWN-A", "gr-own");
        foreach (var (request, expected) in new (CreateKeyRequest, int)[]
        {
            (new("collector", "c", Area: "gr-own"), 200), (new("collector", "c", Area: "gr-other"), 403), (new("account-manager", "m", Manager: "M-gr"), 403),
            (new("auditor", "a"), 200), (new("client", "w"), 200),
        })
        {
            using var http = _grid.WithKey((await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key);
            Assert.Equal(expected, (await _customers.CodeAsync(HttpMethod.Get, "/v1/customers/GR-OWN/grade", http: http)).Status);
            var breach = new BreachRequest("theft", town.Today, "r");
            Assert.Equal(403, (await _customers.CodeAsync(HttpMethod.Post, "/v1/customers/GR-OWN/breaches", breach, http)).Status);
        }

        Assert.Equal((404, "customer.unknown"), await _customers.CodeAsync(HttpMethod.Get, "/v1/customers/GR-NONE/grade"));
    }

    [Fact]
    public async Task The_outlook_is_of_the_customer_s_own_days_beside_its_contract_demand()
    {
        await KeepAsync();
        var profile = new CustomerProfileRequest("GR-ON", "residential", "small", ContractDemandKw: 2.5m);
        Assert.Equal((422, "customer.demand_invalid"),
            await _customers.CodeAsync(HttpMethod.Put, "/v1/customers/GR-ON", profile with { ContractDemandKw = 0 }));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/GR-ON", profile)).Status);
        var outlook = await _grid.Admin.GetAsync<OutlookAnswer>("/v1/customers/GR-ON/outlook");
        var days = await ScalarAsync<long>(
            """
            select count(distinct d.day) from meter_day d join account a on a.number = d.account and a.partition = d.partition
            where a.id = 'GR-ON-A' and d.day >= '2026-05-01'
            """);
        Assert.InRange(days, 1, 10);

        // Four kilowatt-hours a day, and the few watt-hours by which the readings differ.
        Assert.Equal(("2026-05", 1, 2.5m), (outlook.Month, outlook.Accounts, outlook.ContractDemandKw));
        Assert.InRange(outlook.KnownKwh, 4.0m * days, 4.02m * days);
        Assert.InRange(outlook.ForecastKwh!.Value, 124m, 124.6m);
        Assert.Equal(decimal.Round(outlook.ForecastKwh!.Value / (2.5m * 31 * 24), 4), outlook.Utilisation);
        Assert.Equal((null, 0, null, false, null), (outlook.LastYearKwh, outlook.LastYearAccounts, outlook.UseFall, outlook.HasFallen, outlook.FallCase));
        Assert.Equal((404, "customer.unknown"), await _customers.CodeAsync(HttpMethod.Get, "/v1/customers/GR-NONE/outlook"));
    }

    [Fact]
    public async Task A_fall_of_use_opens_one_case_for_the_account_manager_and_the_next_fall_another()
    {
        await CustomerAsync("GR-FALL", "GR-FALL-A");
        var first = new DateOnly(2027, 1, 1);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first, 0.6m)]));
        Assert.Null((await OutlookAsync()).FallCase);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Put, "/v1/customers/GR-FALL/manager", new AssignmentRequest("M-fall", town.Today))).Status);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first.AddMonths(1), 0.5m)]));
        Assert.Null((await OutlookAsync()).FallCase);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first.AddMonths(2), 0.51m)]));
        var opened = (await OutlookAsync()).FallCase!;
        var found = await CaseAsync(opened);
        Assert.Equal(("use-fall", "M-fall", "GR-FALL-A"), (found.Kind, found.Owner, found.Account));
        Assert.Contains("fell by 51 %", found.Subject, StringComparison.Ordinal);

        // The fall goes on: the case stays the only one, also when it is closed.
        Assert.Equal(200, (await _grid.SendAsync(
            HttpMethod.Post, $"/v1/cases/{Uri.EscapeDataString(opened)}/close", new CloseCaseRequest("A machine was sold.", Result: "done"))).Status);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first.AddMonths(3), 0.7m)]));
        Assert.Equal(opened, (await OutlookAsync()).FallCase);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first.AddMonths(4), null)]));
        Assert.Null((await OutlookAsync()).FallCase);
        Assert.Equal(1, await Store.SaveAsync([Fallen(first.AddMonths(5), 0.7m)]));
        Assert.NotEqual(opened, (await OutlookAsync()).FallCase);
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from work_case where kind = 'use-fall'"));

        Task<OutlookAnswer> OutlookAsync() => _grid.Admin.GetAsync<OutlookAnswer>("/v1/customers/GR-FALL/outlook");
        static Evaluation Fallen(DateOnly day, decimal? fall)
        {
            var facts = new RiskFacts(1, 0, 0, 1, 0, 3, fall, []);
            return new("GR-FALL", day.DayNumber, MonthNumber.Of(day.DayNumber).Plus(-1), facts, RiskScoring.Of(facts));
        }
    }

    private static decimal Money(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private GradeKeeper Fresh() => ActivatorUtilities.CreateInstance<GradeKeeper>(_grid.Host.Services);

    private async Task KeepAsync()
    {
        await _grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        await Testing.Eventually.GetAsync(
            async () =>
            {
                await _grid.Host.Services.GetRequiredService<FigureProjector>().CountAsync();
                await Keeper.KeepAsync();
                return await ScalarAsync<long>("select count(*) from customer where id in ('GR-ON', 'GR-LATE', 'GR-PRE') and grade_month <> 2026 * 12 + 3");
            },
            left => left == 0, "All evaluated");
    }

    private Task<CustomerGradeAnswer> GradeAsync(string id) => _grid.Admin.GetAsync<CustomerGradeAnswer>($"/v1/customers/{id}/grade");

    private async Task<BillAnswer> BillAsync(string account) => (await _grid.Admin.ListAsync<BillAnswer>($"/v1/accounts/{account}/bills"))[^1];

    private async Task<CaseAnswer> CaseAsync(string id) =>
        (await _grid.Admin.GetAsync<CaseHistoryAnswer>($"/v1/cases/{Uri.EscapeDataString(id)}")).Case;

    private async Task<CaseAnswer> OpenCaseAsync(string account)
    {
        var (status, body) = await _grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest("Look.", 4, account), key: $"case-{account}");
        Assert.Equal(201, status);
        return await CaseAsync(body.GetProperty("id").GetString()!);
    }

    private async Task AreaAsync(string id) => Assert.InRange(
        (await _grid.SendAsync(HttpMethod.Put, $"/v1/areas/{id}", new AreaRequest(id, "Asia/Shanghai"))).Status, 200, 201);

    private async Task CustomerAsync(string id, string account, string? area = null)
    {
        await _customers.OpenAsync(account, "postpaid", "cn-residential", []);
        await town.RegisterAsync(id, account, area);
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await _grid.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    /// <summary>Customers that live through March, April and a part of May, and pay on time, late or not.</summary>
    public sealed class GradeTown : IAsyncLifetime
    {
        public CustomerGrid Customers { get; } = new() { Grid = new GridFixture() };

        public DateOnly Today => DateOnly.FromDateTime(Customers.Grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

        public async ValueTask InitializeAsync()
        {
            await Customers.InitializeAsync();
            string[] ids = ["GR-ON-A", "GR-LATE-A", "GR-PRE-A", "GR-PLAN-A"];
            foreach (var id in ids)
            {
                await Customers.OpenAsync(id, id == "GR-PRE-A" ? "prepaid" : "postpaid", "cn-residential", []);
                await RegisterAsync(id[..^2], id);
            }

            // What they are billed for March is used at once.
            await Customers.LiveAsync(ids, 38, 4_000);
            await PayBillAsync("GR-ON-A");
            await Customers.LiveAsync(ids, 32, 4_000);
            await PayBillAsync("GR-LATE-A");
            await Customers.PayAsync("GR-PRE-A", "500");
        }

        public ValueTask DisposeAsync() => Customers.DisposeAsync();

        public async Task RegisterAsync(string id, string account, string? area = null)
        {
            var (status, body) = await Customers.Grid.SendAsync(
                HttpMethod.Post, "/v1/customers", new CustomerProfileRequest(id, "residential", "small", id, area, Accounts: [account]));
            Assert.True(status == 201, body.ToString());
        }

        private async Task PayBillAsync(string account)
        {
            var owes = await Customers.CustomerAsync(account);
            await Customers.PayAsync(account, owes.Unpaid);
        }
    }
}
