using System.Globalization;
using AccountGrid.Domain.Figures;
using AccountGrid.Host.Customers;
using AccountGrid.LoadTest.Targets;
using Npgsql;

namespace AccountGrid.LoadTest.Lists;

/// <summary>
/// Customers of a grid and what is counted of them, written where the grid keeps them: the lists read the same rows as if a year had gone by, without the
/// year. Accounts, meters and areas are registered through the API.
/// </summary>
internal sealed class ListsTown(LoadDatabase database, string connectionString, ListsOptions options)
{
    /// <summary>The first of the months that are counted, and how many days there are.</summary>
    public static readonly DateOnly FirstDay = new(2025, 11, 1);

    public const int Days = 395;

    private static readonly string[] Segments =
        ["residential/small", "residential/small", "residential/small", "residential/medium", "business/small", "business/medium", "industrial/large"];

    /// <summary>Names of sums, with the details that each has.</summary>
    private static readonly (string Name, string[] Details)[] Names =
    [
        (FigureNames.Charged, [""]), (FigureNames.LateFees, [""]), (FigureNames.Billed, [""]), (FigureNames.Payments, ["bank", "agent", "app", "counter"]),
        (FigureNames.Reversals, ["bank"]), (FigureNames.Collected, [""]), (FigureNames.CollectedOld, [""]),
        (FigureNames.Notices, ["bill", "low-balance", "payment-due"]), (FigureNames.NoticesPaid, ["bill", "low-balance"]), (FigureNames.Cuts, ["overdue"]),
        (FigureNames.Restores, ["1", "24"]), (FigureNames.Complaints, ["bill"]), (FigureNames.Accounts, ["prepaid", "postpaid"]),
        (FigureNames.Receivable, ["0-30", "31-60", "61-90", "90+"]), (FigureNames.Credit, [""]), (FigureNames.Debt, [""]),
        (FigureNames.WithoutSupply, [""]), (FigureNames.OldArrears, [""]),
    ];

    /// <summary>Id of a lowest area.</summary>
    public static string Area(int index) => string.Create(CultureInfo.InvariantCulture, $"area-{index:0000}");

    public static string District(int index) => string.Create(CultureInfo.InvariantCulture, $"district-{index:000}");

    public static int DistrictsOf(int areas) => (areas + 9) / 10;

    public async Task RegisterAreasAsync(HttpClient http)
    {
        await PutAsync(http, "city", new("The city", "Asia/Shanghai"));
        for (var d = 0; d < DistrictsOf(options.Areas); d++)
        {
            await PutAsync(http, District(d), new($"District {d}", "Asia/Shanghai", "city"));
        }

        for (var a = 0; a < options.Areas; a++)
        {
            await PutAsync(http, Area(a), new($"Area {a}", "Asia/Shanghai", District(a / 10)));
        }
    }

    public async Task FillAsync()
    {
        var areas = options.Areas.ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync($"""
            insert into customer (id, name, name_key, class, size, area, language, contact, manager, grade, body_hash, created_by, created_at, changed_at)
            select 'C' || a.id, 'Customer ' || a.id, 'customer ' || lower(a.id), split_part(s.segment, '/', 1), split_part(s.segment, '/', 2),
              'area-' || lpad((a.number % {areas})::text, 4, '0'), 'zh', '[]',
              case when a.number % 1000 = 7 then 'manager-' || (a.number / 1000 % 20) end, 1 + (a.number % 97) / 32, '\x00', 'load tester', now(), now()
            from account a, lateral (select (array['{string.Join("','", Segments)}'])[1 + a.number % {Segments.Length}] as segment) s
            """);
        await ExecuteAsync("insert into customer_account (account, customer, since) select number, 'C' || id, now() from account");
        await ExecuteAsync("""
            insert into prepayment_candidate (partition, account, month, figures, saving_nano)
            select partition, number, '2026-10-01', jsonb_build_object('account', id, 'currency', 'CNY', 'from', '2026-08-01', 'to', '2026-10-31',
                'daysWithUse', 92, 'energyWh', 600000, 'tariff', 'load-flat', 'tariffVersion', 1, 'cost', '300', 'lateFees', '0', 'wouldCost', '290',
                'saving', '10', 'level', '30', 'topUp', '100', 'warnings', 3, 'topUps', 4, 'daysBelowZero', 0), (number % 9973) * 1000000000::bigint
            from account where number % 3 = 0
            """);
        await ExecuteAsync($"""
            insert into work_case (partition, id, account, position, kind, created_ms, due_day, due_at, zone, amount_nano, policy, area, sort_key, owner)
            select partition, number || ':contact:1', number, 1, 'contact', 1790000000000 + number, '2026-12-01', '2026-12-01T10:00:00Z', 'Asia/Shanghai',
              50000000000, 'cn-residential/1#0', 'area-' || lpad((number % {areas})::text, 4, '0'), number * 7919 % 1000003, 'collector-' || (number % 50)
            from account where number % 20 = 0
            """);
        await ExecuteAsync(Figures("day", 1, $"('{FirstDay:yyyy-MM-dd}'::date + generate_series(0, {Days - 1}))"));
        await ExecuteAsync(Figures("month", 30, $"generate_series('{FirstDay:yyyy-MM-dd}'::date, '{FirstDay:yyyy-MM-dd}'::date + {Days}, '1 month')::date"));
        await ExecuteAsync($"update figure_partition set closed_day = '{FirstDay.AddDays(Days - 1):yyyy-MM-dd}'");
        await ExecuteAsync("vacuum analyze");
    }

    /// <summary>All sums of a span on the four levels, as the projector writes them.</summary>
    private string Figures(string span, int times, string days)
    {
        var details = string.Join(", ", Names.SelectMany(n => n.Details.Select(d => $"('{n.Name}', '{d}')")));
        var leaves = $"(select 'area-' || lpad(i::text, 4, '0') as area from generate_series(0, {options.Areas - 1}) i)";
        string Level(int level, string area, string customerClass, string from) => $"""
            insert into figure (span, level, day, area, class, currency, name, detail, count, amount)
            select '{span}', {level}, d.day, {area}, {customerClass}, 'CNY', n.name, n.detail, {times} * 40, {times} * 123456789012::numeric
            from (select {days} as day) d cross join (values {details}) n (name, detail) {from};
            """;
        const string Classes = " cross join generate_series(0, 3) c";
        return string.Join('\n', Level(0, "''", "-1", ""), Level(1, "a.area", "-1", $" cross join {leaves} a"), Level(2, "''", "c", Classes),
            Level(3, "a.area", "c", $" cross join {leaves} a{Classes}"));
    }

    private async Task ExecuteAsync(string sql)
    {
        var role = new NpgsqlConnectionStringBuilder(connectionString);
        var administrator = new NpgsqlConnectionStringBuilder(database.AdministratorConnectionString) { Database = role.Database, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(administrator.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task PutAsync(HttpClient http, string id, AreaRequest area)
    {
        using var response = await http.PutAsJsonAsync($"/v1/areas/{id}", area);
        response.EnsureSuccessStatusCode();
    }
}
