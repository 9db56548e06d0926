using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Billing;

/// <summary>Reads what a bill's document is made of from the tables of the account's effects and days.</summary>
internal sealed class BillReader(NpgsqlDataSource database, TariffCatalog tariffs)
{
    /// <summary>Months that the comparison has: this one and the twelve before it.</summary>
    private const int MonthsMax = 13;

    private static readonly Dictionary<string, EntryKind> Kinds = Enum.GetValues<EntryKind>().ToDictionary(EffectStatements.KindText);

    public async Task<BillSource> ReadAsync(UnwrittenBill bill)
    {
        var f = bill.Facts;
        var history = await HistoryAsync(bill);
        var (before, at, bound) = await PlacesAsync(bill, history.TariffOf(f.FromDay, tariffs));
        var entries = await EntriesAsync(bill, bound);
        var statement = BillLedger.Of(entries, history.Begun, before ?? history.Begun, at, f.FromDay, f.ToDay);
        var energy = await EnergyAsync(bill);
        return new BillSource(
            statement, energy, await TiersAsync(bill, history), TaxOf(f, history, statement), await BillMeters.ReadAsync(database, bill),
            await MonthsAsync(bill), await ReasonsAsync(bill),
            history.TariffOf(f.ToDay, tariffs).Calendar.DayOf(bill.CreatedMs));
    }

    private async Task<BillHistory> HistoryAsync(UnwrittenBill bill)
    {
        await using var command = database.CreateCommand(
            """
            select position, sequence, event::text from account_event
            where partition = $4 and account = $1 and position <= $2 and event->>'type' = any($3) order by position, sequence
            """);
        Statements.Add(command, bill.Account, bill.Position, BillHistory.Types, bill.Partition);
        await using var reader = await command.ExecuteReaderAsync();
        var history = new BillHistory();
        while (await reader.ReadAsync())
        {
            history.Take(StoredEvents.Read(reader.GetString(2)), new(reader.GetInt64(0), reader.GetInt32(1)));
        }

        return history;
    }

    /// <summary>
    /// Where the bill before and the bill stand, and a position before which no entry is one of its days': a bill that was closed before they began.
    /// </summary>
    private async Task<(LedgerPlace? Before, LedgerPlace At, long Bound)> PlacesAsync(UnwrittenBill bill, Tariff tariff)
    {
        var beginMs = tariff.Calendar.StartOf(bill.Facts.FromDay);
        await using var command = database.CreateCommand(
            """
            select b.id, e.position, e.sequence, b.created_ms from bill b
            join account_event e on e.partition = b.partition and e.account = b.account and e.position = b.position
              and e.event->>'type' = 'bill-closed' and e.event->>'id' = b.id
            where b.partition = $3 and b.account = $1 and b.to_day <= $2 order by b.to_day desc limit 8
            """);
        Statements.Add(command, bill.Account, DateOnly.FromDayNumber(bill.Facts.ToDay), bill.Partition);
        await using var reader = await command.ExecuteReaderAsync();
        LedgerPlace? before = null;
        LedgerPlace? at = null;
        while (await reader.ReadAsync())
        {
            var place = new LedgerPlace(reader.GetInt64(1), reader.GetInt32(2));
            if (reader.GetString(0) == bill.Id)
            {
                at = place;
                continue;
            }

            before ??= place;
            if (reader.GetInt64(3) < beginMs)
            {
                return (before, At(), place.Position);
            }
        }

        return (before, At(), 0);

        LedgerPlace At() => at ?? throw new InvariantBrokenException($"Bill {bill.Id} of account {bill.AccountId} has no event of its closing.");
    }

    private async Task<List<LedgerEntry>> EntriesAsync(UnwrittenBill bill, long fromPosition)
    {
        await using var command = database.CreateCommand(
            """
            select position, sequence, kind, amount_nano, balance_nano, at_ms, day, corrects_position, energy_nano, tiers_nano, standing_nano, tax_nano,
              reference
            from entry where partition = $4 and account = $1 and position between $2 and $3 order by position, sequence
            """);
        Statements.Add(command, bill.Account, fromPosition, bill.Position, bill.Partition);
        await using var r = await command.ExecuteReaderAsync();
        var entries = new List<LedgerEntry>();
        while (await r.ReadAsync())
        {
            entries.Add(new LedgerEntry(
                r.GetInt64(0), r.GetInt32(1), bill.Account, Kinds[r.GetString(2)], new Money(r.GetInt64(3)), new Money(r.GetInt64(4)), r.GetInt64(5),
                r.IsDBNull(6) ? 0 : r.GetFieldValue<DateOnly>(6).DayNumber, r.IsDBNull(7) ? 0 : r.GetInt64(7),
                new ChargeParts(Wide(r, 8), Wide(r, 9), Wide(r, 10), Wide(r, 11)), r.IsDBNull(12) ? null : r.GetString(12)));
        }

        return entries;
    }

    private static WideMoney Wide(NpgsqlDataReader reader, int column) => new(reader.GetInt64(column));

    private async Task<List<BillEnergy>> EnergyAsync(UnwrittenBill bill)
    {
        var sums = new SortedDictionary<(int Tariff, int Rate), long>();
        await using var command = database.CreateCommand(
            """
            select d.tariff, r.rate::int - 1, sum(r.wh)::bigint from meter_day d cross join unnest(d.rate_wh) with ordinality as r(wh, rate)
            where d.partition = $1 and d.account = $2 and d.day between $3 and $4 group by 1, 2
            """);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(bill.Facts.FromDay), DateOnly.FromDayNumber(bill.Facts.ToDay));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            sums[(reader.GetInt32(0), reader.GetInt32(1))] = reader.GetInt64(2);
        }

        return [.. sums.Where(s => s.Value != 0).Select(s =>
        {
            var tariff = tariffs.Get(s.Key.Tariff);
            var levy = Money.TryParse(tariff.Definition.LevyPerKwh, out var perKwh) ? new Price(perKwh.Nano / 1000) : default;
            return new BillEnergy(
                tariff.Definition.Rates[s.Key.Rate].Name, s.Value, new Price(tariff.PriceOf(s.Key.Rate).MicroPerKwh - levy.MicroPerKwh), levy,
                tariff.TaxBasisPoints);
        })];
    }

    /// <summary>
    /// Where one version decided over the whole tier period up to the bill's last day, with whole limits; else its surcharge is one line.
    /// </summary>
    private async Task<List<BillLine>> TiersAsync(UnwrittenBill bill, BillHistory history)
    {
        var (from, to) = (bill.Facts.FromDay, bill.Facts.ToDay);
        var tariff = history.TariffOf(to, tariffs);
        var start = tariff.PeriodStartOf(to);
        if (!tariff.Tiers.Any || tariff.Definition.Tiers!.FirstPeriod != "whole" || start > from
            || Enumerable.Range(start, to - start + 1).Any(day => history.TariffOf(day, tariffs) != tariff))
        {
            return [];
        }

        await using var command = database.CreateCommand(
            """
            select coalesce(sum(u.wh) filter (where u.day < $4), 0)::bigint, coalesce(sum(u.wh), 0)::bigint
            from (select d.day, (select sum(w) from unnest(d.rate_wh) w) as wh from meter_day d
              where d.partition = $1 and d.account = $2 and d.day between $3 and $5) u
            """);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(start), DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(to));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return BillTiers.Of(tariff, history.HouseholdOf(to), to, reader.GetInt64(0), reader.GetInt64(1));
    }

    private int? TaxOf(BillFacts f, BillHistory history, BillStatement statement)
    {
        var rates = Enumerable.Range(f.FromDay, f.ToDay - f.FromDay + 1).Concat(statement.Corrections.Select(e => e.Day))
            .Select(day => history.TariffOf(day, tariffs).TaxBasisPoints).Distinct().ToList();
        return rates.Count == 1 ? rates[0] : null;
    }

    private async Task<List<BillMonth>> MonthsAsync(UnwrittenBill bill)
    {
        var last = DateOnly.FromDayNumber(bill.Facts.ToDay);
        await using var command = database.CreateCommand(
            """
            select to_char(from_day, 'YYYY-MM'), sum((facts->>'energyWh')::bigint)::bigint from bill
            where partition = $4 and account = $1 and from_day >= $2 and to_day <= $3 group by 1 order by 1
            """);
        Statements.Add(command, bill.Account, new DateOnly(last.Year, last.Month, 1).AddMonths(1 - MonthsMax), last, bill.Partition);
        await using var reader = await command.ExecuteReaderAsync();
        var months = new List<BillMonth>();
        while (await reader.ReadAsync())
        {
            months.Add(new BillMonth(reader.GetString(0), reader.GetInt64(1)));
        }

        return months;
    }

    private async Task<Dictionary<long, string>> ReasonsAsync(UnwrittenBill bill)
    {
        var reasons = new Dictionary<long, string>();
        var positions = (bill.Facts.Items ?? []).Select(i => i.Position).Where(p => p != 0).Distinct().ToArray();
        if (positions.Length > 0)
        {
            await using var command = database.CreateCommand(
                """
                select position, reference from entry
                where partition = $3 and account = $1 and position = any($2) and reference is not null order by position, sequence desc
                """);
            Statements.Add(command, bill.Account, positions, bill.Partition);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                reasons[reader.GetInt64(0)] = reader.GetString(1);
            }
        }

        return reasons;
    }
}
