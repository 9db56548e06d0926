using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Billing;

/// <summary>Writes each closed bill's document once, as soon as the day rows that it lists are in the database.</summary>
internal sealed partial class BillWriter(NpgsqlDataSource database, TariffCatalog tariffs, TimeProvider time, ILogger<BillWriter> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), time)
{
    private const int BillsMax = 200;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel) => await WriteSomeAsync() == BillsMax;

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Documents of bills whose partition has written its states since. Returns how many.</summary>
    internal async Task<int> WriteSomeAsync()
    {
        var bills = new List<(int Partition, string Id, int Account, string AccountId, long CreatedMs, BillFacts Facts)>();
        await using (var command = database.CreateCommand(
            """
            select b.partition, b.id, b.account, a.id, b.created_ms, b.facts::text from bill b join account a on a.number = b.account join partition p
              on p.partition = b.partition
            where b.document is null and p.state_position > b.position order by b.partition, b.position limit $1
            """))
        {
            Statements.Add(command, BillsMax);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                bills.Add((
                    reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4),
                    JsonSerializer.Deserialize<BillFacts>(reader.GetString(5), EffectStatements.FactsJson)!));
            }
        }

        if (bills.Count > 0)
        {
            await tariffs.LoadAllAsync();
        }

        foreach (var bill in bills)
        {
            var energy = await EnergyLinesAsync(bill.Partition, bill.Account, bill.Facts);
            var meters = await MetersAsync(bill.Partition, bill.Account, bill.Facts);
            var document = Document(bill.Id, bill.AccountId, bill.CreatedMs, bill.Facts, energy) with { Meters = meters };
            await using var update = database.CreateCommand("update bill set document = $3 where partition = $1 and id = $2 and document is null");
            Statements.Add(update, bill.Partition, bill.Id);
            update.Parameters.Add(new() { Value = JsonSerializer.Serialize(document, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
            await update.ExecuteNonQueryAsync();
        }

        return bills.Count;
    }

    internal static async Task<List<BillAnswer>> ListAsync(NpgsqlDataSource database, AccountAddress account, string? id)
    {
        await using var command = database.CreateCommand(
            """
            select id, from_day, to_day, due_day, amount_nano, document::text from bill
            where partition = $1 and account = $2 and ($3 = '' or id = $3) order by to_day desc limit 120
            """);
        Statements.Add(command, account.Partition, account.Number, id ?? "");
        await using var reader = await command.ExecuteReaderAsync();
        var bills = new List<BillAnswer>();
        while (await reader.ReadAsync())
        {
            JsonElement? document = null;
            if (!reader.IsDBNull(5))
            {
                using var json = JsonDocument.Parse(reader.GetString(5));
                document = json.RootElement.Clone();
            }

            bills.Add(
                new BillAnswer(reader.GetString(0), Day(reader, 1)!, Day(reader, 2)!, Day(reader, 3), new Money(reader.GetInt64(4)).ToString(), document));
        }

        return bills;
    }

    /// <summary>Puts facts and lines together. What the lines leave of the total is shown as what it is: corrections, and rounding carried over.</summary>
    internal static BillDocument Document(string id, string account, long closedMs, BillFacts f, List<BillLine> energy)
    {
        var lines = new List<BillLine>(energy);
        var listed = energy.Aggregate(WideMoney.Zero, (sum, l) => sum + Parse(l.Amount));
        void Add(string kind, string name, WideMoney amount)
        {
            if (amount != WideMoney.Zero)
            {
                lines.Add(new BillLine(kind, name, null, null, amount.ToString()));
            }
        }

        // Days that were read again after the bill's closing are corrections of the next one; the frozen sum counts.
        Add("energy-other", "Energy of days changed since", f.Parts.Energy - listed);
        Add("tiers", "Tier surcharge", f.Parts.Tiers);
        Add("standing", "Standing charge", f.Parts.Standing);
        Add("tax", "Tax", f.Parts.Tax);
        Add("corrections", "Corrections of earlier days", f.Corrections);
        var exact = f.Parts.Total + f.Corrections;
        Add("rounding", "Rounded to whole hundredths; the rest is carried to the next bill", f.Amount - exact);
        return new BillDocument(
            id, account, f.Number, Instants.DayToText(f.FromDay), Instants.DayToText(f.ToDay), f.DueDay == 0 ? null : Instants.DayToText(f.DueDay), f.Currency,
            f.EnergyWh, lines, f.Amount.ToString(), f.Debits.ToString(), f.Payments.ToString(),
            f.Arrears.ToString(), f.Fees.ToString(), f.Balance.ToString(), f.ToPay.ToString(), f.Policy, Instants.ToInstant(closedMs));
    }

    private async Task<List<BillMeter>> MetersAsync(int partition, int account, BillFacts f)
    {
        const string Sql = """
            select m.id, d.assignment, d.before_ms, d.before_wh, d.point_count, d.points, d.rate_wh from meter_day d join meter m on m.number = d.meter
            where d.partition = $1 and d.account = $2 and d.day between $3 and $4 order by m.id, d.assignment, d.day
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, partition, account, DateOnly.FromDayNumber(f.FromDay), DateOnly.FromDayNumber(f.ToDay));
        await using var reader = await command.ExecuteReaderAsync();
        var meters = new List<BillMeter>();
        var last = ("", 0);
        while (await reader.ReadAsync())
        {
            var before = new Domain.Readings.Point(reader.GetInt64(2), reader.GetInt64(3));
            var points = Domain.Readings.PackedPoints.FromBytes((byte[])reader[5], reader.GetInt32(4), before);
            var end = points.Unpack(before).Where(p => Domain.Readings.RegisterLine.Counts(p)).DefaultIfEmpty(before).Last();
            var meter = (reader.GetString(0), reader.GetInt32(1));
            if (meter != last)
            {
                meters.Add(new BillMeter(meter.Item1, Instants.ToInstant(before.TimeMs), before.ValueWh, Instants.ToInstant(end.TimeMs), end.ValueWh, 0));
                last = meter;
            }
            else if (points.Count > 0)
            {
                meters[^1] = meters[^1] with { ToAt = Instants.ToInstant(end.TimeMs), ToWh = end.ValueWh };
            }

            meters[^1] = meters[^1] with { EnergyWh = meters[^1].EnergyWh + ((long[])reader[6]).Sum() };
        }

        return meters;
    }

    private async Task<List<BillLine>> EnergyLinesAsync(int partition, int account, BillFacts f)
    {
        var sums = new SortedDictionary<(int Tariff, int Rate), long>();
        await using var command = database.CreateCommand(
            """
            select d.tariff, r.rate::int - 1, sum(r.wh)::bigint from meter_day d cross join unnest(d.rate_wh) with ordinality as r(wh, rate)
            where d.partition = $1 and d.account = $2 and d.day between $3 and $4 group by 1, 2
            """);
        Statements.Add(command, partition, account, DateOnly.FromDayNumber(f.FromDay), DateOnly.FromDayNumber(f.ToDay));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            sums[(reader.GetInt32(0), reader.GetInt32(1))] = reader.GetInt64(2);
        }

        return [.. sums.Where(s => s.Value != 0).Select(s =>
        {
            var tariff = tariffs.Get(s.Key.Tariff);
            var price = tariff.PriceOf(s.Key.Rate);
            return new BillLine("energy", tariff.Definition.Rates[s.Key.Rate].Name, s.Value,
                (price.MicroPerKwh / 1_000_000m).ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture),
                (price * new Energy(s.Value)).ToString());
        })];
    }

    private static string? Day(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instants.DayToText(reader.GetFieldValue<DateOnly>(column).DayNumber);

    private static Money Parse(string text) =>
        Money.TryParse(text, out var money) ? money : throw new InvariantBrokenException($"A line holds the amount '{text}'.");

    [LoggerMessage(6003, LogLevel.Warning, "Bills could not be written; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
