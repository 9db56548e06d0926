using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Metering;

/// <summary>Puts a meter's days into the API's words.</summary>
internal static class DayAnswers
{
    /// <param name="meter">The meter's id.</param>
    /// <param name="day">Of the meter.</param>
    /// <param name="tariff">The day's.</param>
    /// <param name="ratios">Of the account's meters.</param>
    public static ExplainDay Of(string meter, DayView day, Tariff tariff, MeterRatioHistory ratios)
    {
        var definition = tariff.Definition;
        var byRate = day.RateWh.Select((wh, i) => (tariff.NameOf(day.Day, i).Name, wh)).Where(r => r.wh != 0).GroupBy(r => r.Name)
            .ToDictionary(r => r.Key, r => r.Sum(p => p.wh));
        var intervals = IntervalsOf(day, tariff);
        var readings = day.Points.Select(
            p => new ReadingAnswer(Instants.ToInstant(p.TimeMs), p.ValueWh,
                p.Quality == 0 ? "valid" : ((ReadingQuality)p.Quality).ToString().ToLowerInvariant(),
                p.Decision == 0 ? null : DecisionNames.Of((ReadingDecision)p.Decision))).ToList();
        var charge = new WideMoney(day.EnergyNano).ToString();
        return new(meter, Instants.DayToText(day.Day), definition.Id, definition.Version, day.Closed, byRate, charge, day.HeldWh, readings,
            [day.FromPosition, day.ToPosition], RegisterCodes.Of((RegisterKind)day.Register), intervals,
            intervals?.Where(i => i.IsAverage).Sum(i => i.EnergyWh) ?? 0,
            ratios.Of(day.Meter).At(tariff.Calendar.StartOf(day.Day + 1)).Ratio is var ratio and not MeterRating.One ? TransformerRatio.Text(ratio) : null);
    }

    private static List<ExplainInterval>? IntervalsOf(DayView day, Tariff tariff)
    {
        // What is exported is paid for by the rate of its time, and no interval's price is its own.
        if (tariff.Series is not { } series || !RegisterCodes.IsImport((RegisterKind)day.Register))
        {
            return null;
        }

        var known = series.DayOf(day.Day, day.PricesThrough);
        return
        [
            .. day.RateWh.Index().Where(r => r.Item != 0).Select(r => new ExplainInterval(
                Instants.ToInstant(series.StartOf(day.Day, r.Index)), r.Item, Text(tariff.PriceOf(day.Day, r.Index, day.PricesThrough).MicroPerKwh),
                Text(known.Micro[r.Index]), known.Publications[r.Index] == 0 ? null : known.Publications[r.Index], known.Publications[r.Index] == 0)),
        ];
    }

    private static string Text(long micro) => (micro / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);
}
