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
internal sealed class BillReader(NpgsqlDataSource database, TariffCatalog tariffs, MeterRatioReader ratios)
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
        var energy = await EnergyAsync(bill, history.Begun);
        return new BillSource(
            statement, energy, await ExportAsync(bill, history.Begun), await TiersAsync(bill, history), TaxOf(f, history, statement),
            await BillMeters.ReadAsync(database, bill, history.Begun, await ratios.OfAccountAsync(bill.Partition, bill.Account),
                history.TariffOf(f.FromDay, tariffs).Calendar),
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
              levies_nano, export_nano, reference, capacity_nano, power_factor_nano
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
                new ChargeParts(Wide(r, 8), Wide(r, 9), Wide(r, 10), Wide(r, 11), Wide(r, 12), Export: Wide(r, 13), Capacity: Wide(r, 15),
                    PowerFactor: Wide(r, 16)),
                r.IsDBNull(14) ? null : r.GetString(14)));
        }

        return entries;
    }

    private static WideMoney Wide(NpgsqlDataReader reader, int column) => new(reader.GetInt64(column));

    /// <param name="begun">Days that were charged before are no part of any bill.</param>
    private async Task<List<BillEnergy>> EnergyAsync(UnwrittenBill bill, LedgerPlace begun)
    {
        // Days of tariffs that follow a price series one by one: what they have by rate are intervals, each with its own price.
        var sums = new BillEnergySums(tariffs);
        await using var command = database.CreateCommand(
            """
            with of_bill as (select d.* from meter_day d
              where d.partition = $1 and d.account = $2 and d.day between $3 and $4 and d.entry_position > $5 and d.register < 5)
            select d.tariff, max(d.day), array[(r.rate - 1)::bigint, sum(r.wh)::bigint], 0, true
              from of_bill d cross join unnest(d.rate_wh) with ordinality as r(wh, rate) where not (d.tariff = any($6)) group by d.tariff, r.rate
            union all select d.tariff, d.day, d.rate_wh, d.prices_through, false from of_bill d where d.tariff = any($6)
            """);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(bill.Facts.FromDay), DateOnly.FromDayNumber(bill.Facts.ToDay),
            begun.Position, tariffs.All.Where(t => t.IsDynamic).Select(t => t.Number).ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (tariff, wh) = (reader.GetInt32(0), (long[])reader[2]);
            if (reader.GetBoolean(4))
            {
                sums.AddRate(tariff, (int)wh[0], wh[1]);
            }
            else
            {
                sums.AddDay(tariff, reader.GetFieldValue<DateOnly>(1).DayNumber, wh, reader.GetInt32(3));
            }
        }

        return sums.ToEnergy(TaxOf);
    }

    /// <inheritdoc cref="EnergyAsync" path="/param[@name='begun']"/>
    private async Task<List<BillExport>> ExportAsync(UnwrittenBill bill, LedgerPlace begun) =>
        [.. (await ExportSumsAsync(bill, begun)).Where(s => s.Value != 0).Select(s =>
        {
            var definition = tariffs.Get(s.Key.Tariff).Definition;
            var name = definition.Rates[s.Key.Rate].Name;
            var price = definition.Export?.FeedIn is { } feedIn ? feedIn.Prices.GetValueOrDefault(name, feedIn.PricePerKwh) : null;
            return new BillExport(name, s.Value, Money.TryParse(price, out var perKwh) ? new Price(perKwh.Nano / 1000) : null);
        })];

    /// <summary>Exported energy of the bill's days by tariff and rate.</summary>
    private async Task<SortedDictionary<(int Tariff, int Rate), long>> ExportSumsAsync(UnwrittenBill bill, LedgerPlace begun)
    {
        var sums = new SortedDictionary<(int Tariff, int Rate), long>();
        await using var command = database.CreateCommand(
            """
            select d.tariff, d.day, d.rate_wh from meter_day d
            where d.partition = $1 and d.account = $2 and d.day between $3 and $4 and d.entry_position > $5 and d.register = 5
            """);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(bill.Facts.FromDay), DateOnly.FromDayNumber(bill.Facts.ToDay),
            begun.Position);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (number, day) = (reader.GetInt32(0), reader.GetFieldValue<DateOnly>(1).DayNumber);
            foreach (var (rate, wh) in ((long[])reader[2]).Index().Where(r => r.Item != 0))
            {
                var key = (number, tariffs.Get(number).RateIndexOf(day, rate));
                sums[key] = sums.GetValueOrDefault(key) + wh;
            }
        }

        return sums;
    }

    /// <summary>
    /// Of every tier period that the bill's days lie in, one version decided from its first day to the last of the bill's in it, with whole limits; else the
    /// surcharge of all is one line. Equal steps of several periods are one line.
    /// </summary>
    private async Task<List<BillLine>> TiersAsync(UnwrittenBill bill, BillHistory history)
    {
        var lines = new List<BillLine>();
        for (var (day, to) = (bill.Facts.FromDay, bill.Facts.ToDay); day <= to;)
        {
            var tariff = history.TariffOf(day, tariffs);
            var start = tariff.PeriodStartOf(day);
            var last = Math.Min(to, tariff.PeriodEndOf(start) - 1);
            if ((tariff.Tiers.Any && tariff.Definition.Tiers!.FirstPeriod != "whole" && history.OpenedDay > start)
                || Enumerable.Range(start, last - start + 1).Any(d => history.TariffOf(d, tariffs) != tariff))
            {
                return [];
            }

            if (tariff.Tiers.Any)
            {
                var (before, through) = await TierEnergyAsync(bill, history.Begun, start, day, last);
                lines.AddRange(BillTiers.Of(tariff, history.HouseholdOf(last), last, before, through));
            }

            day = last + 1;
        }

        return BillTiers.Sum(lines);
    }

    /// <summary>Energy of a tier period before the bill's days in it, and to their end.</summary>
    private async Task<(long Before, long Through)> TierEnergyAsync(UnwrittenBill bill, LedgerPlace begun, int start, int from, int last)
    {
        await using var command = database.CreateCommand(
            """
            select coalesce(sum(u.wh) filter (where u.day < $4 or u.entry_position <= $6), 0)::bigint, coalesce(sum(u.wh), 0)::bigint
            from (select d.day, d.entry_position, (select sum(w) from unnest(d.rate_wh) w) as wh from meter_day d
              where d.partition = $1 and d.account = $2 and d.day between $3 and $5 and d.register < 5) u
            """);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(start), DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(last),
            begun.Position);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The one rate of tax of all days that the bill charges or corrects; null where there are several, or taxes with names of their own.</summary>
    private int? TaxOf(BillFacts f, BillHistory history, BillStatement statement)
    {
        var rates = Enumerable.Range(f.FromDay, f.ToDay - f.FromDay + 1).Concat(statement.Corrections.Select(e => e.Day))
            .Select(day => TaxOf(history.TariffOf(day, tariffs))).Distinct().ToList();
        return rates.Count == 1 ? rates[0] : null;
    }

    internal static int? TaxOf(Tariff tariff) => tariff.Definition.Taxes.Count > 0 ? null : tariff.TaxBasisPoints;

    private async Task<List<BillMonth>> MonthsAsync(UnwrittenBill bill)
    {
        var last = DateOnly.FromDayNumber(bill.Facts.ToDay);
        await using var command = database.CreateCommand(
            """
            select to_char(to_day, 'YYYY-MM'), sum((facts->>'energyWh')::bigint)::bigint, sum(to_day - from_day + 1)::int from bill
            where partition = $4 and account = $1 and to_day between $2 and $3 group by 1 order by 1
            """);
        Statements.Add(command, bill.Account, new DateOnly(last.Year, last.Month, 1).AddMonths(1 - MonthsMax), last, bill.Partition);
        await using var reader = await command.ExecuteReaderAsync();
        var months = new List<BillMonth>();
        while (await reader.ReadAsync())
        {
            months.Add(new BillMonth(reader.GetString(0), reader.GetInt64(1), reader.GetInt32(2)));
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
