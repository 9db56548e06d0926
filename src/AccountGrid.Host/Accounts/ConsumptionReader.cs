using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>What an account has used, from the days that its balance comes from.</summary>
internal sealed class ConsumptionReader(MeterDays days, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Longest span by days: a year and a day.</summary>
    public const int DaysMax = 366;

    /// <summary>Longest span by hours, days.</summary>
    public const int HourDaysMax = 7;

    /// <summary>Days around a span of hours whose readings tell how the register rose into it and out of it.</summary>
    private const int Around = 2;

    /// <summary>Null if there is no such account.</summary>
    /// <param name="by"><c>day</c>, <c>hour</c> or <c>period</c>.</param>
    /// <param name="from">First local day; null is a month for days, and the last day for hours.</param>
    /// <param name="to">Last local day; null is today.</param>
    public async Task<(ConsumptionAnswer? Answer, Refusal? Refusal)> ReadAsync(AccountAddress address, string by, DateOnly? from, DateOnly? to)
    {
        if (await grains.Account(address.Id).Get() is not { } view || LocalCalendar.Find(view.Zone) is not { } calendar)
        {
            return default;
        }

        var last = to?.DayNumber ?? calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        var first = from?.DayNumber ?? (by == "hour" ? last : last - 30);
        var most = by == "hour" ? HourDaysMax : DaysMax;
        if (first > last || last - first >= most)
        {
            return (null, new(RequestRefusals.SpanInvalid,
                $"from, to: {Instants.DayToText(first)} to {Instants.DayToText(last)} is not a span of 1 to {most} days."));
        }

        var rows = by == "period"
            ? [.. view.Periods.Where(p => p.StartDay <= last && (from is null || p.StartDay >= first)).GroupBy(p => p.StartDay).OrderBy(g => g.Key)
                .Select(g => new ConsumptionRow(Instants.DayToText(g.Key), g.Sum(p => p.EnergyWh), 0, g.All(p => p.ChargeNano == p.BookedNano)))]
            : await days.OfAccountAsync(address.Number, address.Partition, by == "hour" ? first - Around : first, by == "hour" ? last + Around : last)
                is { } found ? by == "hour" ? Hours(Used(found), calendar, first, last) : Days(Used(found)) : [];
        return (new(address.Id, view.Zone, by, Instants.DayToText(first), Instants.DayToText(last), rows), null);
    }

    /// <summary>What was delivered to the grid is not used.</summary>
    private static List<DayView> Used(IReadOnlyList<DayView> days) => [.. days.Where(d => RegisterCodes.IsImport((RegisterKind)d.Register))];

    private static List<ConsumptionRow> Days(IReadOnlyList<DayView> days) =>
        [.. days.GroupBy(d => d.Day).OrderBy(g => g.Key).Select(
            g => new ConsumptionRow(Instants.DayToText(g.Key), g.Sum(d => d.RateWh.Sum()), g.Sum(d => d.HeldWh), g.All(d => d.Closed)))];

    private static List<ConsumptionRow> Hours(IReadOnlyList<DayView> days, LocalCalendar calendar, int first, int last)
    {
        var rows = new List<ConsumptionRow>();
        var registers = days.GroupBy(d => (d.Meter, d.Assignment, d.Register)).Select(g => (
            Points: g.SelectMany(d => d.Points).OrderBy(p => p.TimeMs).DistinctBy(p => p.TimeMs).Select(p => (p.TimeMs, p.ValueWh)).ToList(),
            Days: g.ToDictionary(d => d.Day))).ToList();
        for (var day = first; day <= last; day++)
        {
            var borders = Borders(calendar, day);
            var (sums, known, closed) = (new long[borders.Count - 1], false, true);
            foreach (var (points, ofDay) in registers)
            {
                if (ofDay.TryGetValue(day, out var found))
                {
                    (known, closed) = (true, closed && found.Closed);
                    foreach (var (hour, wh) in HourSpread.Of(points, borders, found.RateWh.Sum()).Index())
                    {
                        sums[hour] += wh;
                    }
                }
            }

            rows.AddRange(known ? sums.Select((wh, h) => new ConsumptionRow(HourText(calendar, borders[h]), wh, 0, closed)) : []);
        }

        return rows;
    }

    /// <summary>Where the hours of a local day begin, and the day's end: 24, and 23 or 25 where clocks are changed.</summary>
    private static List<long> Borders(LocalCalendar calendar, int day)
    {
        const long Hour = 3_600_000;
        var (start, end) = (calendar.StartOf(day), calendar.StartOf(day + 1));
        var borders = new List<long>();
        for (var at = start; at < end; at += Hour)
        {
            borders.Add(at);
        }

        return [.. borders, end];
    }

    private static string HourText(LocalCalendar calendar, long ms) =>
        TimeZoneInfo.ConvertTime(Instants.ToInstant(ms), calendar.Zone).ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture);
}
