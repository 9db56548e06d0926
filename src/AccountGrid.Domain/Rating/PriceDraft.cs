namespace AccountGrid.Domain.Rating;

/// <summary>
/// Prices that somebody wants to publish, against what is known: taken whole or not at all. What is known with the same value is left out, so that publishing
/// again changes nothing.
/// </summary>
/// <param name="Prices">What a publication must have; empty where all of it is known.</param>
/// <param name="Corrected">Those of <paramref name="Prices"/> that are known with another value.</param>
/// <param name="Begun">Those of <paramref name="Corrected"/> whose interval has begun, so that they can have been charged.</param>
/// <param name="Unchanged">Rows that are known just so.</param>
/// <param name="FirstCorrected">Index of the first row that is known with another value, with that value in 10^-6 units per kWh; null where none is.</param>
public sealed record PriceDraft(IReadOnlyList<PublishedPrice> Prices, int Corrected, int Begun, int Unchanged, (int Row, long Micro)? FirstCorrected)
{
    /// <summary>Most rows of a request: a month by the quarter of an hour, with room.</summary>
    public const int RowsMax = 4_000;

    /// <summary>Local days after today up to which prices can be published: a year that is fixed before.</summary>
    public const int DaysAhead = 400;

    /// <summary>
    /// Local days before today from which on prices can be published and corrected: every account that was charged by others is charged again, and its days are
    /// in memory then. Markets correct their prices within days.
    /// </summary>
    public const int DaysBack = 92;

    /// <summary>The same for a series that no tariff follows yet: what averages and comparisons look back on.</summary>
    public const int DaysBackUnused = 400;

    /// <summary>What of some rows is new; or the first row that is wrong, by its index, field and value.</summary>
    /// <param name="series">With everything that was published before.</param>
    /// <param name="rows">Start of each interval, UTC ms, and its price as text.</param>
    /// <param name="isUsed">Whether a tariff follows the series.</param>
    public static (PriceDraft? Draft, Refusal? Refusal) Of(
        PriceSeries series, IReadOnlyList<(long StartMs, string? Price)> rows, bool isUsed, long nowMs)
    {
        if (rows.Count is 0 or > RowsMax)
        {
            return (null, new(PriceRefusals.Invalid, $"prices: {rows.Count} rows are not 1 to {RowsMax}."));
        }

        var (today, through) = (series.Calendar.DayOf(nowMs), series.LatestKnown());
        var (prices, seen, draft) = (new List<PublishedPrice>(), new HashSet<long>(), new PriceDraft([], 0, 0, 0, null));
        foreach (var (i, (startMs, text)) in rows.Index())
        {
            var place = series.At(startMs);
            if (Wrong(series, place, startMs, text, today - (isUsed ? DaysBack : DaysBackUnused), today + DaysAhead, !seen.Add(startMs)) is { } wrong)
            {
                return (null, new(PriceRefusals.Invalid, $"prices[{i}].{wrong}"));
            }

            var price = new PublishedPrice(place!.Value.Day, place.Value.Index, PriceSeriesCheck.MicroOf(series.Definition, text)!.Value);
            var known = series.DayOf(price.Day, through);
            if (known.Publications[price.Index] == 0)
            {
                prices.Add(price);
            }
            else if (known.Micro[price.Index] == price.Micro)
            {
                draft = draft with { Unchanged = draft.Unchanged + 1 };
            }
            else
            {
                prices.Add(price);
                draft = draft with
                {
                    Corrected = draft.Corrected + 1,
                    Begun = draft.Begun + (startMs <= nowMs ? 1 : 0),
                    FirstCorrected = draft.FirstCorrected ?? (i, known.Micro[price.Index]),
                };
            }
        }

        return (draft with { Prices = prices }, null);
    }

    private static string? Wrong(PriceSeries series, (int Day, int Index)? place, long startMs, string? text, int firstDay, int lastDay, bool isTwice) =>
        place is null
            ? $"start: '{Instants.ToText(startMs)}' is not the start of an interval of {series.Definition.ResolutionMinutes} minutes counted from local "
                + $"midnight in {series.Definition.Zone}."
        : place.Value.Day < firstDay || place.Value.Day > lastDay
            ? $"start: '{Instants.ToText(startMs)}' is not on a local day from {Instants.DayToText(firstDay)} to {Instants.DayToText(lastDay)}."
        : isTwice ? $"start: '{Instants.ToText(startMs)}' is there twice; give each interval once."
        : PriceSeriesCheck.MicroOf(series.Definition, text) is null ? $"price: '{text}' is not {PriceSeriesCheck.PriceRight(series.Definition)}."
        : null;
}
