using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Metering;

/// <summary>Puts a meter's days into the API's words.</summary>
internal static class DayAnswers
{
    /// <param name="meter">The meter's id.</param>
    /// <param name="day">Of the meter.</param>
    /// <param name="tariff">The day's.</param>
    public static ExplainDay Of(string meter, DayView day, Tariff tariff)
    {
        var definition = tariff.Definition;
        var byRate = day.RateWh.Select((wh, i) => (definition.Rates[i].Name, wh)).Where(r => r.wh != 0).ToDictionary(r => r.Name, r => r.wh);
        var readings = day.Points.Select(
            p => new ReadingAnswer(Instants.ToInstant(p.TimeMs), p.ValueWh,
                p.Quality == 0 ? "valid" : ((ReadingQuality)p.Quality).ToString().ToLowerInvariant())).ToList();
        var charge = new WideMoney(day.EnergyNano).ToString();
        return new(meter, Instants.DayToText(day.Day), definition.Id, definition.Version, day.Closed, byRate, charge, day.HeldWh, readings,
            [day.FromPosition, day.ToPosition]);
    }
}
