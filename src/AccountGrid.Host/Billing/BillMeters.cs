using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Billing;

/// <summary>A bill's meters, from its closed days.</summary>
internal static class BillMeters
{
    /// <summary>The registers that are billed: 1.8.0 of a meter that is charged by its rate registers is none.</summary>
    /// <param name="begun">Days that were charged before are no part of any bill.</param>
    public static async Task<List<BillMeter>> ReadAsync(NpgsqlDataSource database, UnwrittenBill bill, LedgerPlace begun)
    {
        const string Sql = """
            select m.id, d.assignment, d.before_ms, d.before_wh, d.before_quality, d.point_count, d.points, d.rate_wh, d.register
            from meter_day d join meter m on m.number = d.meter
            where d.partition = $1 and d.account = $2 and d.day between $3 and $4 and d.entry_position > $5
              and (d.register > 0 or not exists (select from meter_day r where r.partition = $1 and r.meter = d.meter and r.assignment = d.assignment
                and r.account = $2 and r.register between 1 and 4))
            order by m.id, d.assignment, d.register, d.day
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, bill.Partition, bill.Account, DateOnly.FromDayNumber(bill.Facts.FromDay), DateOnly.FromDayNumber(bill.Facts.ToDay),
            begun.Position);
        await using var reader = await command.ExecuteReaderAsync();
        var meters = new List<BillMeter>();
        var last = ("", 0, RegisterKind.Import);
        while (await reader.ReadAsync())
        {
            var before = new Point(reader.GetInt64(2), reader.GetInt64(3), (ReadingQuality)reader.GetInt32(4));
            var points = PackedPoints.FromBytes((byte[])reader[6], reader.GetInt32(5), before).Unpack(before).FindAll(p => RegisterLine.Counts(p));
            var meter = (reader.GetString(0), reader.GetInt32(1), (RegisterKind)reader.GetInt16(8));
            meters = Add(meters, meter == last, meter.Item1, before, points, ((long[])reader[7]).Sum(), meter.Item3);
            last = meter;
        }

        return meters;
    }

    /// <summary>Adds a day to its meter, which is the last, or a meter with its first day.</summary>
    /// <param name="before">The last value before the day.</param>
    /// <param name="points">The values of the day that count, in order.</param>
    /// <param name="wh">What of the day is billed.</param>
    internal static List<BillMeter> Add(List<BillMeter> meters, bool isSame, string id, Point before, List<Point> points, long wh,
        RegisterKind register = RegisterKind.Import)
    {
        if (!isSame)
        {
            var at = Instants.ToInstant(before.TimeMs);
            meters.Add(new BillMeter(
                id, at, before.ValueWh, at, before.ValueWh, 0, QualityOf(before.Quality), QualityOf(before.Quality), Register: RegisterCodes.Of(register)));
        }

        var estimated = 0L;
        var from = before;
        foreach (var point in points)
        {
            estimated += RegisterLine.IsEstimate(from) || RegisterLine.IsEstimate(point) ? Math.Max(0, point.ValueWh - from.ValueWh) : 0;
            from = point;
        }

        var meter = meters[^1];
        meter = points.Count == 0
            ? meter
            : meter with { ToAt = Instants.ToInstant(from.TimeMs), ToWh = from.ValueWh, ToQuality = QualityOf(from.Quality) };
        meters[^1] = meter with { EnergyWh = meter.EnergyWh + wh, EstimatedWh = meter.EstimatedWh + estimated };
        return meters;
    }

    /// <summary>One word for a quality, the most important where several hold.</summary>
    internal static string QualityOf(ReadingQuality quality) => quality switch
    {
        _ when (quality & (ReadingQuality.Estimated | ReadingQuality.Projected)) != 0 => "estimated",
        _ when (quality & ReadingQuality.InDoubt) != 0 => "questionable",
        _ when quality.HasFlag(ReadingQuality.Edited) => "edited",
        _ when quality.HasFlag(ReadingQuality.Manual) => "manual",
        _ => "measured",
    };
}
