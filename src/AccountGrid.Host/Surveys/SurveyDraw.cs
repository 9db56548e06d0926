using System.Globalization;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Surveys;

/// <summary>
/// One round of drawing, in one transaction: events behind the cursors, then a sample of each area once a day. Only one process draws at a time. Whoever was
/// asked in the last 90 days is passed over.
/// </summary>
internal sealed class SurveyDraw(NpgsqlConnection connection, NpgsqlTransaction transaction, SurveyOptions options, DateTimeOffset now)
{
    /// <summary>Events of one partition that are looked at in a round.</summary>
    private const int EventsMax = 500;

    /// <summary>The lock of whoever draws: a number of this grid's own choice.</summary>
    private const long Lock = 7_420_001;

    /// <summary>States of the relay as events have them.</summary>
    private static readonly string Restoring = ((int)Relay.Restoring).ToString(CultureInfo.InvariantCulture);
    private static readonly string On = ((int)Relay.On).ToString(CultureInfo.InvariantCulture);

    private readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime);

    public async Task RunAsync()
    {
        await using (var claim = Command("select pg_try_advisory_xact_lock($1)", Lock))
        {
            if (!(bool)(await claim.ExecuteScalarAsync())!)
            {
                return;
            }
        }

        // What happened before surveys were switched on is not asked about.
        await ExecuteAsync(
            """
            insert into survey_cursor (partition, position, sequence) select p.partition, p.effects_position - 1, 2147483647 from partition p
            on conflict (partition) do nothing
            """);
        foreach (var found in await EventsAsync())
        {
            if (found.Occasion is { } occasion && SurveyRules.IsDrawn($"{found.Partition}:{found.Position}:{found.Sequence}", ShareOf(occasion)))
            {
                await AddAsync(found.Partition, found.Account, occasion, found.Collector, found.Channel);
            }
        }

        await DrawAreasAsync();
    }

    private int ShareOf(SurveyOccasion occasion) => occasion switch
    {
        SurveyOccasion.Payment => options.PaymentsPerMille,
        SurveyOccasion.Case => options.CasesPerMille,
        _ => options.RestoresPerMille,
    };

    private async Task<List<Found>> EventsAsync()
    {
        var found = new List<Found>();
        await using (var command = Command(
            """
            select e.partition, e.position, e.sequence, e.account, e.event->>'type', e.event->>'caseId', e.event->>'by', e.event->>'from', e.event->>'to',
              coalesce(p.channel, e.event->>'channel')
            from survey_cursor c cross join lateral (
              select x.* from account_event x where x.partition = c.partition and (x.position, x.sequence) > (c.position, c.sequence)
              order by x.position, x.sequence limit $1) e
            left join channel_payment p on p.partition = e.partition and p.payment_position = e.position and e.event->>'type' = 'payment-taken'
            order by e.partition, e.position, e.sequence
            """, EventsMax))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
                var occasion = OccasionOf(Text(4)!, Text(5), Text(7), Text(8));
                found.Add(new(
                    reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt32(3), occasion,
                    occasion == SurveyOccasion.Case ? Text(6) : null, occasion == SurveyOccasion.Payment ? Text(9) : null));
            }
        }

        foreach (var last in found.GroupBy(f => f.Partition).Select(g => g.Last()))
        {
            await ExecuteAsync("update survey_cursor set position = $2, sequence = $3 where partition = $1", last.Partition, last.Position, last.Sequence);
        }

        return found;
    }

    private static SurveyOccasion? OccasionOf(string type, string? caseId, string? from, string? to) => type switch
    {
        "payment-taken" => SurveyOccasion.Payment,
        "case-closed" => SurveyOccasion.Case,
        "contact-recorded" when caseId is not null => SurveyOccasion.Case,
        "relay-changed" when from == Restoring && to == On => SurveyOccasion.Restore,
        _ => null,
    };

    /// <summary>The day is claimed first, so that a day is drawn once.</summary>
    private async Task DrawAreasAsync()
    {
        if (options.AreaPerDay == 0 || await ExecuteAsync("insert into survey_area_day (day) values ($1) on conflict do nothing", _today) == 0)
        {
            return;
        }

        var drawn = new List<(int Partition, int Account)>();
        await using (var command = Command(
            """
            select d.partition, d.account from (
              select c.partition, c.account, row_number() over (partition by c.area order by md5(c.account || $1::text)) as place from contact c
              where c.area is not null) d
            where d.place <= $2 order by d.partition, d.account
            """, _today, options.AreaPerDay))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                drawn.Add((reader.GetInt32(0), reader.GetInt32(1)));
            }
        }

        foreach (var (partition, account) in drawn)
        {
            await AddAsync(partition, account, SurveyOccasion.Area, null, null);
        }
    }

    private async Task AddAsync(int partition, int account, SurveyOccasion occasion, string? collector, string? channel)
    {
        // A customer with several accounts is asked about one of them.
        await using (var last = Command(
            """
            select max(asked_day) from survey where state <> 'refused' and (account = $1 or account in (
              select other.account from customer_account own join customer_account other using (customer) where own.account = $1))
            """, account))
        {
            if (!SurveyRules.MayAsk(await last.ExecuteScalarAsync() is DateOnly day ? day.DayNumber : null, _today.DayNumber))
            {
                return;
            }
        }

        // A random id: it is in a link, and whoever sees one must not find another.
        var id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        await ExecuteAsync(
            """
            insert into survey (partition, id, account, occasion, asked_day, collector, channel, area, manager)
            select $1, $2, $3, $4, $5, $6, $7, c.area, c.manager from (select 1) one left join contact c on c.partition = $1 and c.account = $3
            """,
            partition, id, account, (short)occasion, _today, (object?)collector ?? DBNull.Value, (object?)channel ?? DBNull.Value);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        Statements.Add(command, values);
        return command;
    }

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private sealed record Found(int Partition, long Position, int Sequence, int Account, SurveyOccasion? Occasion, string? Collector, string? Channel);
}
