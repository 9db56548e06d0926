using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Billing;

/// <summary>A bill's meters, from its closed days.</summary>
internal static class BillMeters
{
    /// <summary>The registers that are billed: 1.8.0 of a meter that is charged by its rate registers is none.</summary>
    /// <param name="begun">Days that were charged before are no part of any bill.</param>
    /// <param name="ratios">Of the account's meters: a register has a line for each ratio.</param>
    public static async Task<List<BillMeter>> ReadAsync(NpgsqlDataSource database, UnwrittenBill bill, LedgerPlace begun, MeterRatioHistory ratios,
        LocalCalendar calendar)
    {
        const string Sql = """
            select m.id, d.assignment, d.before_ms, d.before_wh, d.before_quality, d.point_count, d.points, d.rate_wh, d.register, d.meter, d.day
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
            var startMs = calendar.StartOf(reader.GetFieldValue<DateOnly>(10).DayNumber);
            foreach (var (isNew, from, part, wh) in PartsOf(ratios.Of(reader.GetInt32(9)), before, points, ((long[])reader[7]).Sum(), startMs))
            {
                meters = Add(meters, meter == last && !isNew, meter.Item1, from, part, wh, meter.Item3, ratios.Of(reader.GetInt32(9)));
                last = meter;
            }
        }

        return meters;
    }

    /// <summary>
    /// A day's values by the ratio of their time: one part, or two and more where a reading of the day stands at a change. What of the first difference of
    /// the day was used before the day is none of its energy.
    /// </summary>
    /// <param name="wh">Energy of the day; the last part has what the others have not.</param>
    /// <param name="startMs">Begin of the day, UTC ms.</param>
    internal static IEnumerable<(bool IsNew, Point From, List<Point> Points, long Wh)> PartsOf(MeterRating ratios, Point before, List<Point> points, long wh,
        long startMs)
    {
        var (isNew, from, part, given) = (false, before, new List<Point>(), 0L);
        var used = 0L;
        foreach (var (last, point) in points.Prepend(before).Zip(points))
        {
            part.Add(point);
            var energy = ratios.EnergyWh(last, point, point.ValueWh);
            used += last.TimeMs >= startMs ? energy : (long)((Int128)energy * (point.TimeMs - startMs) / (point.TimeMs - last.TimeMs));
            if (ratios.At(point.TimeMs).Ratio != ratios.At(point.TimeMs + 1).Ratio)
            {
                var share = Math.Clamp(used, 0, Math.Max(0, wh - given));
                yield return (isNew, from, part, share);
                (isNew, from, given, used) = (true, point, given + share, 0);
                part = [];
            }
        }

        yield return (isNew, from, part, wh - given);
    }

    /// <summary>Adds a day to its meter, which is the last, or a meter with its first day.</summary>
    /// <param name="before">The last value before the day.</param>
    /// <param name="points">The values of the day that count, in order.</param>
    /// <param name="wh">What of the day is billed.</param>
    /// <param name="ratios">The ratio of the meter's transformers at each time.</param>
    internal static List<BillMeter> Add(List<BillMeter> meters, bool isSame, string id, Point before, List<Point> points, long wh,
        RegisterKind register = RegisterKind.Import, MeterRating ratios = default)
    {
        if (!isSame)
        {
            var at = Instants.ToInstant(before.TimeMs);
            meters.Add(new BillMeter(
                id, at, before.ValueWh, at, before.ValueWh, 0, QualityOf(before.Quality), QualityOf(before.Quality), Register: RegisterCodes.Of(register),
                Multiplier: TransformerRatio.Text(ratios.At(before.TimeMs + 1).Ratio)));
        }

        var estimated = 0L;
        var from = before;
        foreach (var point in points)
        {
            estimated += RegisterLine.IsEstimate(from) || RegisterLine.IsEstimate(point) ? Math.Max(0, ratios.EnergyWh(from, point, point.ValueWh)) : 0;
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
