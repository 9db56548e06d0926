using System.Globalization;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>Changed states, packed at one position while the fold stands still, to be written while it goes on.</summary>
public sealed class StateSnapshot
{
    private const string PagesSql = """
        insert into account_page (partition, page, accounts, balances_nano, states)
        select $1, u.page, u.accounts::int[], u.balances::bigint[], u.states from unnest($2::int[], $3::text[], $4::text[], $5::bytea[])
          as u(page, accounts, balances, states)
        on conflict (partition, page) do update set accounts = excluded.accounts, balances_nano = excluded.balances_nano, states = excluded.states
        """;

    private const string LooseSql = """
        insert into loose_meter_state (partition, meter, held_wh, state) values ($1, $2, $3, $4)
        on conflict (partition, meter) do update set held_wh = excluded.held_wh, state = excluded.state
        """;

    private const string DaysSql = """
        insert into meter_day (partition, meter, assignment, day, register, account, tariff, before_ms, before_wh, before_quality, point_count, points,
          rate_wh, energy_nano, held_wh, entry_position, from_position, to_position, prices_through)
        select $1, u.meter, u.assignment, u.day, u.register, u.account, u.tariff, u.before_ms, u.before_wh, u.before_quality, u.point_count, u.points,
          u.rate_wh::bigint[], u.energy_nano, u.held_wh, u.entry_position, u.from_position, u.to_position, u.prices_through
        from unnest($2::int[], $3::int[], $4::date[], $5::smallint[], $6::int[], $7::int[], $8::bigint[], $9::bigint[], $10::int[], $11::int[], $12::bytea[],
          $13::text[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::int[])
            as u(meter, assignment, day, register, account, tariff, before_ms, before_wh, before_quality, point_count, points, rate_wh, energy_nano, held_wh,
              entry_position, from_position, to_position, prices_through)
        on conflict (partition, meter, assignment, day, register) do update set account = excluded.account, tariff = excluded.tariff,
          before_ms = excluded.before_ms, before_wh = excluded.before_wh, before_quality = excluded.before_quality,
            point_count = excluded.point_count, points = excluded.points, rate_wh = excluded.rate_wh, energy_nano = excluded.energy_nano,
              held_wh = excluded.held_wh,
            entry_position = excluded.entry_position, from_position = excluded.from_position, to_position = excluded.to_position,
            prices_through = excluded.prices_through
        """;

    /// <summary>Pages of one statement: about 400 kilobytes.</summary>
    private const int PagesPerStep = 32;

    /// <summary>Day rows of one statement: about 500 kilobytes.</summary>
    private const int DaysPerStep = 1_000;

    internal IReadOnlyList<StoredPage> Pages { get; private init; } = [];

    /// <summary>Meters on no account.</summary>
    internal List<(int Meter, long Held, byte[] State)> Loose { get; } = [];

    /// <summary>
    /// Packs what changed and marks it clean. <see cref="Days"/> stay in memory until the flush has succeeded. Everything is in the order of its keys: a stale
    /// twin's flush and its successor's lock the same rows before either learns who holds the partition, and must wait for each other, not deadlock.
    /// </summary>
    public static StateSnapshot Take(PartitionState state)
    {
        var snapshot = new StateSnapshot
        {
            Position = state.Position,
            NowMs = state.NowMs,
            PricesThrough = state.Prices.Through,
            Days = [.. state.ClosedDays.Values.OrderBy(d => d.Key.Meter).ThenBy(d => d.Key.Assignment).ThenBy(d => d.Key.Day).ThenBy(d => d.Key.Register)],
            Opened = [.. state.OpenedDays],
            Pages = state.TakeDirtyPages(),
        };
        foreach (var number in state.DirtyLooseMeters.Select(m => m.Number).Distinct().Order())
        {
            var times = new List<MeterState>();
            for (var m = state.PeekMeter(number); m is not null; m = m.Former)
            {
                if (m.Account is null)
                {
                    times.Add(m);
                }
            }

            snapshot.Loose.Add((number, times.Sum(m => m.TotalHeld.Wh), StateCodec.EncodeLoose(times)));
        }

        state.DirtyLooseMeters.Clear();
        state.OpenedDays.Clear();
        return snapshot;
    }

    public required long Position { get; init; }

    public required long NowMs { get; init; }

    /// <summary>Up to which publication prices of series count.</summary>
    public required int PricesThrough { get; init; }

    public required IReadOnlyList<DayRow> Days { get; init; }

    /// <summary>Days that are open again: their rows go.</summary>
    public required IReadOnlyList<DayKey> Opened { get; init; }

    /// <summary>
    /// The statements of the flush, in steps of a few hundred kilobytes: between them the server's log reaches its disk, so that the commit at the end does not
    /// hold up everybody's.
    /// </summary>
    internal IEnumerable<NpgsqlBatchCommand[]> Steps(int partition)
    {
        foreach (var pages in Pages.Chunk(PagesPerStep))
        {
            yield return [Statements.Of(
                PagesSql, partition, pages.Select(p => p.Page).ToArray(), pages.Select(p => ArrayText(p.Accounts)).ToArray(),
                pages.Select(p => ArrayText(p.BalancesNano)).ToArray(), pages.Select(p => p.States).ToArray())];
        }

        var rest = Rest(partition).ToArray();
        if (rest.Length > 0)
        {
            yield return rest;
        }

        for (var i = 0; i < Days.Count; i += DaysPerStep)
        {
            yield return [DaysStatement(partition, [.. Days.Skip(i).Take(DaysPerStep)])];
        }
    }

    private IEnumerable<NpgsqlBatchCommand> Rest(int partition)
    {
        foreach (var (meter, held, state) in Loose)
        {
            yield return Statements.Of(LooseSql, partition, meter, held, state);
        }

        if (Opened.Count > 0)
        {
            const string Sql = """
                delete from meter_day d using unnest($2, $3, $4, $5) as o(meter, assignment, day, register)
                where d.partition = $1 and d.meter = o.meter and d.assignment = o.assignment and d.day = o.day and d.register = o.register
                """;
            yield return Statements.Of(
                Sql, partition, Opened.Select(o => o.Meter).ToArray(), Opened.Select(o => o.Assignment).ToArray(),
                Opened.Select(o => DateOnly.FromDayNumber(o.Day)).ToArray(), Opened.Select(o => (short)o.Register).ToArray());
        }
    }

    private static NpgsqlBatchCommand DaysStatement(int partition, IReadOnlyList<DayRow> days) => Statements.Of(
        DaysSql,
        partition,
        days.Select(d => d.Key.Meter).ToArray(),
        days.Select(d => d.Key.Assignment).ToArray(),
        days.Select(d => DateOnly.FromDayNumber(d.Key.Day)).ToArray(),
        days.Select(d => (short)d.Key.Register).ToArray(),
        days.Select(d => d.Account).ToArray(),
        days.Select(d => d.Tariff).ToArray(),
        days.Select(d => d.Before.TimeMs).ToArray(),
        days.Select(d => d.Before.ValueWh).ToArray(),
            days.Select(d => (int)d.Before.Quality).ToArray(),
        days.Select(d => d.Points.Count).ToArray(),
        days.Select(d => d.Points.Bytes.ToArray()).ToArray(),
        days.Select(d => ArrayText(d.RateWh)).ToArray(),
        days.Select(d => d.Base.Nano).ToArray(),
        days.Select(d => d.HeldWh).ToArray(),
        days.Select(d => d.EntryPosition).ToArray(),
        days.Select(d => d.FromPosition).ToArray(),
        days.Select(d => d.ToPosition).ToArray(),
        days.Select(d => d.PricesThrough).ToArray());

    /// <summary>An array as PostgreSQL reads it from text: unnest takes no arrays of arrays.</summary>
    private static string ArrayText<T>(T[] numbers)
        where T : struct =>
        string.Create(CultureInfo.InvariantCulture, $"{{{string.Join(',', numbers)}}}");
}
