using AccountGrid.Host.Figures;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.LoadTest.Years;

/// <summary>The company's figures of a year: counted in parts by processes that die, compared with direct sums over the ledger, and counted again.</summary>
internal sealed class YearFigures(NpgsqlDataSource database, YearClock clock)
{
    private const string Zone = "Asia/Shanghai";

    /// <summary>The same sums from the ledger and from the figures, by day or month and currency; a line each.</summary>
    private const string Compared =
        $"""
        with direct as (
          select x.span, date_trunc(x.span, to_timestamp(e.at_ms / 1000.0) at time zone '{Zone}')::date as day, t.currency, s.name, ''::text as detail,
            sum(s.count)::bigint as count, sum(s.sign * e.amount_nano) as amount
          from entry e cross join (values ('day'), ('month')) as x(span)
          join (values ('charge', 'charged', -1, 0), ('correction', 'charged', -1, 0), ('standing', 'charged', -1, 0), ('late-fee', 'late-fees', -1, 0),
            ('waiver', 'late-fees', -1, 0), ('refund', 'refunds', -1, 1), ('compensation', 'compensation', 1, 1), ('write-off', 'written-off', 1, 1))
            as s(kind, name, sign, count) on s.kind = e.kind
          join account_currency t on t.account = e.account group by 1, 2, 3, 4
          union all
          select x.span, date_trunc(x.span, to_timestamp(e.at_ms / 1000.0) at time zone '{Zone}')::date, t.currency, s.name,
            coalesce(case s.detail when '' then '' else e.event->>s.detail end, ''), count(*),
            sum(coalesce((e.event->>s.amount)::numeric, 0) + coalesce((e.event->>'debitsNano')::numeric, 0))
          from account_event e cross join (values ('day'), ('month')) as x(span)
          join (values ('payment-taken', 'payments', 'channel', 'amountNano'), ('bill-closed', 'billed', '', 'amountNano'),
            ('plan-agreed', 'plans-agreed', '', ''), ('plan-broken', 'plans-broken', '', ''), ('contact-recorded', 'contacts', 'by', ''),
            ('case-closed', 'cases-closed', 'by', '')) as s(type, name, detail, amount) on s.type = e.event->>'type'
          join account_currency t on t.account = e.account
          where s.type <> 'bill-closed' or (e.event->>'dueDay')::int > 0 group by 1, 2, 3, 4, 5)
        select coalesce(d.name, f.name) || ' ' || coalesce(d.detail, f.detail) || ' of the ' || coalesce(d.span, f.span) || ' '
          || coalesce(d.day, f.day) || ' in ' || coalesce(d.currency, f.currency) || ': ' || coalesce(f.count, 0) || ' and '
          || coalesce(trim_scale(f.amount), 0) || ' nano, the ledger ' || coalesce(d.count, 0) || ' and ' || coalesce(trim_scale(d.amount), 0)
        from (select * from direct where count <> 0 or amount <> 0) d
        full join (select * from figure where level = 0 and (count <> 0 or amount <> 0) and name in ('charged', 'late-fees', 'refunds', 'compensation',
          'written-off', 'payments', 'billed', 'plans-agreed', 'plans-broken', 'contacts', 'cases-closed')) f
          on (f.span, f.day, f.currency, f.name, f.detail) = (d.span, d.day, d.currency, d.name, d.detail)
        where f.count is distinct from d.count or f.amount is distinct from d.amount order by 1 limit 20
        """;

    /// <summary>What accounts owe and have at the end of the last day that is counted.</summary>
    private const string Standing =
        $"""
        with ended as (select min(closed_day) as day from figure_partition where closed_day is not null),
        last as (
          select distinct on (e.account) e.account, e.balance_nano from entry e
          where (to_timestamp(e.at_ms / 1000.0) at time zone '{Zone}')::date <= (select day from ended) order by e.account, e.position desc, e.sequence desc),
        direct as (
          select t.currency, sum(greatest(0, -l.balance_nano)) as owed, sum(greatest(0, l.balance_nano)) as credit from last l
          join account_currency t on t.account = l.account group by 1),
        counted as (
          select currency, coalesce(sum(amount) filter (where name in ('receivable', 'prepaid-owed')), 0) as owed,
            coalesce(sum(amount) filter (where name = 'credit'), 0) as credit
          from figure where level = 0 and span = 'day' and day = (select day from ended) group by 1)
        select 'owed and had in ' || currency || ': ' || trim_scale(c.owed) || ' and ' || trim_scale(c.credit) || ' nano, the ledger ' || trim_scale(d.owed)
          || ' and ' || trim_scale(d.credit)
        from direct d full join counted c using (currency) where c.owed is distinct from d.owed or c.credit is distinct from d.credit
        """;

    private const string All = "select concat_ws(' ', span, level, day, area, class, currency, name, detail, count, trim_scale(amount)) from figure order by 1";

    /// <summary>Counts one transaction, as a process does that dies then.</summary>
    public async Task CountPartAsync()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        try
        {
            await Projector(500).CountAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            // That is the death.
        }
    }

    /// <summary>Counts all, and says where the figures differ from the ledger, and from what they are when they are counted again.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync()
    {
        await Projector(20_000).CountAsync();
        await using (var view = database.CreateCommand(
            """
            create or replace view account_currency as
            select e.account, t.definition->>'currency' as currency from account_event e join tariff t on t.number = (e.event->>'tariff')::int
            where e.event->>'type' = 'account-opened' and coalesce(e.event->>'kind', 'customer') in ('customer', 'Customer', '0')
            """))
        {
            await view.ExecuteNonQueryAsync();
        }

        var wrong = new List<string>([.. await TextsAsync(Compared), .. await TextsAsync(Standing)]);
        var first = await TextsAsync(All);
        if (first.Count == 0)
        {
            wrong.Add("nothing was counted");
        }

        await Projector(1).ForgetAsync();
        await Projector(7_000).CountAsync();
        var again = await TextsAsync(All);
        wrong.AddRange(first.Except(again).Take(10).Select(l => $"counted only the first time: {l}"));
        wrong.AddRange(again.Except(first).Take(10).Select(l => $"counted only the second time: {l}"));
        return [.. wrong.Select(w => $"figures: {w}")];
    }

    private FigureProjector Projector(int rows) =>
        new(database, new FigureOptions { Zone = Zone }, clock, NullLogger<FigureProjector>.Instance) { RowsMax = rows };

    private async Task<List<string>> TextsAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
