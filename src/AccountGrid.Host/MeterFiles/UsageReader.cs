using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.MeterFiles;

/// <summary>What an account used, from the readings that its balance comes from.</summary>
internal sealed class UsageReader(MeterDays days, MeterRatioReader ratios, IGrainFactory grains, GridDirectory directory, TimeProvider time)
{
    /// <summary>Longest span, days: a year and a day.</summary>
    public const int DaysMax = 366;

    private const int DaysByDefault = 31;

    /// <summary>How far before the first day a reading is looked for, days: a meter is read once a year at the least.</summary>
    private const int BeforeDays = 400;

    /// <summary>Null if there is no such account.</summary>
    /// <param name="from">First local day; null is a month before the last.</param>
    /// <param name="to">Last local day; null is today.</param>
    public async Task<(Usage? Usage, Refusal? Refusal)> ReadAsync(AccountAddress address, DateOnly? from, DateOnly? to)
    {
        if (await grains.Account(address.Id).Get() is not { } view || LocalCalendar.Find(view.Zone) is not { } calendar)
        {
            return default;
        }

        var now = time.GetUtcNow();
        var last = to?.DayNumber ?? calendar.DayOf(now.ToUnixTimeMilliseconds());
        var first = from?.DayNumber ?? last - DaysByDefault + 1;
        if (first > last || last - first >= DaysMax)
        {
            return (null, new(RequestRefusals.SpanInvalid,
                $"from, to: {Instants.DayToText(first)} to {Instants.DayToText(last)} is not a span of 1 to {DaysMax} days."));
        }

        // The reading before the first day says where its first interval begins, however long ago it was.
        var startMs = calendar.StartOf(first);
        var found = await days.OfAccountAsync(address.Number, address.Partition, first - 1, last);
        if (found?.GroupBy(d => (d.Meter, d.Assignment, d.Register)).Any(g => !g.SelectMany(d => d.Points).Any(p => Counts(p) && p.TimeMs <= startMs)) == true)
        {
            found = await days.OfAccountAsync(address.Number, address.Partition, first - BeforeDays, last);
        }

        var names = new Dictionary<int, string>();
        foreach (var meter in found?.Select(d => d.Meter).Distinct() ?? [])
        {
            names[meter] = await directory.MeterIdAsync(meter) ?? "";
        }

        var known = await ratios.OfAccountAsync(address.Partition, address.Number);
        return (new Usage(address.Id, calendar.Zone, now, [.. Rows(found ?? [], names, known).Where(r => r.EndMs > startMs)]), null);
    }

    private static bool Counts(PointView point) => ((ReadingQuality)point.Quality & ReadingQuality.PassedOver) == 0;

    private static IEnumerable<UsageRow> Rows(IReadOnlyList<DayView> days, Dictionary<int, string> names, MeterRatioHistory ratios)
    {
        foreach (var register in days.GroupBy(d => (Meter: names[d.Meter], d.Assignment, d.Register)).OrderBy(g => g.Key.Meter, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Register).ThenBy(g => g.Key.Assignment))
        {
            PointView? before = null;
            var rating = ratios.Of(register.First().Meter);
            foreach (var point in register.SelectMany(d => d.Points).Where(Counts)
                .OrderBy(p => p.TimeMs).DistinctBy(p => p.TimeMs))
            {
                // A register that fell or was set back counted nothing that could be told.
                if (before is { } start && point.ValueWh >= start.ValueWh)
                {
                    yield return new UsageRow(register.Key.Meter, (RegisterKind)register.Key.Register, start.TimeMs, point.TimeMs,
                        rating.EnergyWh(new Point(start.TimeMs, start.ValueWh), new Point(point.TimeMs, point.ValueWh), point.ValueWh), point.ValueWh,
                        (ReadingQuality)point.Quality);
                }

                before = point;
            }
        }
    }
}
