using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Grades;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Grades;

/// <summary>Reads what grades are made of, for a page of customers at a time: each table once, by its index.</summary>
internal sealed class GradeSource(NpgsqlDataSource database, GradeOptions options)
{
    /// <summary>Days of bills that are read: the months of a trend and the same of the year before.</summary>
    private const int BillDays = 580;

    private static readonly string Types = string.Join(", ", PaymentHistories.EventTypes.Select(t => $"'{t}'"));

    /// <summary>The calendar of the company's months.</summary>
    public LocalCalendar Calendar { get; } = LocalCalendar.Find(options.Zone)
        ?? throw new StartException($"Figures__Zone: '{options.Zone}' is not the name of a time zone, such as Asia/Shanghai.");

    /// <summary>The customers that there are of these, in the order of their ids.</summary>
    public async Task<List<CustomerPayments>> ReadAsync(IReadOnlyCollection<string> customers, int today)
    {
        await using var connection = await database.OpenConnectionAsync();
        var owned = await AccountsAsync(connection, customers);
        var numbers = owned.Select(a => a.Number).ToArray();
        var moves = await MovesAsync(connection, numbers);
        var events = await EventsAsync(connection, numbers);
        var use = await UseAsync(connection, numbers, today);
        var breaches = await BreachesAsync(connection, customers);
        var vacant = await VacantAsync(connection, customers);
        var accounts = owned.ToLookup(
            a => a.Customer,
            a => new AccountPayments(
                a.Number, a.Currency ?? "", a.From is { } from ? DateOnly.FromDateTime(from).DayNumber : 0, [.. moves[a.Number]], [.. events[a.Number]],
                a.Negative is { } json ? JsonSerializer.Deserialize<List<NegativeMonth>>(json, EffectStatements.FactsJson)! : [], [.. use[a.Number]]),
            StringComparer.Ordinal);
        return [.. customers.Order(StringComparer.Ordinal).Select(c => new CustomerPayments(c, [.. accounts[c]], [.. breaches[c]], [.. vacant[c]]))];
    }

    /// <summary>Accounts; from when on, in the company's zone, where an account was another customer's before.</summary>
    private async Task<List<(string Customer, int Number, string? Currency, string? Negative, DateTime? From)>> AccountsAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> customers) => (await connection.QueryAsync<(string, int, string?, string?, DateTime?)>(
            """
            select o.customer, a.number, f.facts->>'currency', (f.facts->'negativeMonths')::text,
              case when exists (select from customer_account_change h where h.account = a.number and h.customer <> o.customer and not h.is_attached)
                then (o.since at time zone @Zone)::date::timestamp end
            from customer_account o join account a on a.number = o.account
            left join figure_account f on f.partition = a.partition and f.account = a.number where o.customer = any(@customers) order by a.number
            """,
            new { customers = customers.ToArray(), options.Zone })).AsList();

    private static async Task<ILookup<int, ItemMoveEffect>> MovesAsync(NpgsqlConnection connection, int[] numbers) =>
        (await connection.QueryAsync<(int Account, int Item, long Position, long Credit, DateTime Day, DateTime? Due, long Nano)>(
            """
            select m.account, m.item, m.position, m.credit, m.day::timestamp, m.due_day::timestamp, m.nano from account a
            join item_move m on m.partition = a.partition and m.account = a.number where a.number = any(@numbers)
            order by m.account, m.position, m.item, m.credit
            """,
            new { numbers })).ToLookup(m => m.Account, m => new ItemMoveEffect(m.Account, m.Item, m.Position, m.Credit, DayOf(m.Day),
                m.Due is { } due ? DayOf(due) : 0, new Money(m.Nano)));

    private async Task<ILookup<int, DatedEvent>> EventsAsync(NpgsqlConnection connection, int[] numbers) =>
        (await connection.QueryAsync<(int Account, long Position, long AtMs, string Event)>(
            $"""
            select e.account, e.position, e.at_ms, e.event::text from account a join account_event e on e.partition = a.partition and e.account = a.number
            where a.number = any(@numbers) and e.event->>'type' in ({Types}) order by e.account, e.position, e.sequence
            """,
            new { numbers })).ToLookup(e => e.Account, e => new DatedEvent(e.Position, Calendar.DayOf(e.AtMs), StoredEvents.Read(e.Event)));

    /// <summary>
    /// Months that bills cover from their first to their last day; in parts they need not be one bill. Where periods of an account begin and end in different
    /// months, what its closed days say of the months that are billed whole.
    /// </summary>
    private static async Task<ILookup<int, MonthUse>> UseAsync(NpgsqlConnection connection, int[] numbers, int today) =>
        (await connection.QueryAsync<(int Account, DateTime Month, long Wh)>(
            """
            with billed as (
              select a.partition, b.account, b.from_day, b.to_day, (b.facts->>'energyWh')::bigint as wh,
                date_trunc('month', b.from_day) <> date_trunc('month', b.to_day) as crosses
              from account a join bill b on b.partition = a.partition and b.account = a.number where a.number = any(@numbers) and b.to_day >= @from),
            crossing as (
              select partition, account, min(from_day) as from_day, max(to_day) as to_day from billed group by 1, 2 having bool_or(crosses))
            select b.account, date_trunc('month', b.from_day)::timestamp, sum(b.wh)::bigint from billed b
            where not exists (select from crossing c where c.partition = b.partition and c.account = b.account)
            group by 1, 2 having sum(b.to_day - b.from_day + 1)
              = extract(day from date_trunc('month', min(b.from_day)) + interval '1 month' - interval '1 day')
            union all
            select d.account, date_trunc('month', d.day)::timestamp, sum((select sum(w) from unnest(d.rate_wh) w))::bigint from crossing c
            join meter_day d on d.partition = c.partition and d.account = c.account and d.day between c.from_day and c.to_day and d.register < 5
            group by 1, 2 having date_trunc('month', min(d.day)) >= min(c.from_day)
              and date_trunc('month', min(d.day)) + interval '1 month' <= min(c.to_day) + interval '1 day'
            """,
            new { numbers, from = DateOnly.FromDayNumber(today - BillDays) }))
        .ToLookup(u => u.Account, u => new MonthUse(MonthNumber.Of(DayOf(u.Month)), new Energy(u.Wh), false));

    private static async Task<ILookup<string, RecordedBreach>> BreachesAsync(NpgsqlConnection connection, IReadOnlyCollection<string> customers) =>
        (await connection.QueryAsync<(string Customer, short Kind, DateTime Day, DateTime? End)>(
            "select customer, kind, day::timestamp, end_day::timestamp from grade_breach where customer = any(@customers) order by day, id",
            new { customers = customers.ToArray() }))
        .ToLookup(b => b.Customer, b => new RecordedBreach((KnockOut)b.Kind, DayOf(b.Day), b.End is { } end ? DayOf(end) : null), StringComparer.Ordinal);

    private static async Task<ILookup<string, (int From, int Until)>> VacantAsync(NpgsqlConnection connection, IReadOnlyCollection<string> customers) =>
        (await connection.QueryAsync<(string Customer, DateTime From, DateTime? Until)>(
            """
            select n.customer, n.from_day::timestamp, n.until_day::timestamp from customer_note n
            where n.customer = any(@customers) and n.kind = 'vacant' and not exists (select from customer_note l where l.corrects = n.id)
            """,
            new { customers = customers.ToArray() }))
        .ToLookup(v => v.Customer, v => (DayOf(v.From), v.Until is { } until ? DayOf(until) : DateOnly.MaxValue.DayNumber), StringComparer.Ordinal);

    private static int DayOf(DateTime day) => DateOnly.FromDateTime(day).DayNumber;
}
