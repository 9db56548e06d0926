using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Prices;

/// <summary>What the API shows of prices and publications.</summary>
internal sealed class PriceSeriesReader(NpgsqlDataSource database)
{
    /// <summary>Longest time that is asked for at once, days.</summary>
    private const int DaysMax = 400;

    /// <summary>Intervals from an instant on, each with its price or the average in its place, as of now.</summary>
    /// <param name="fromMs">The first interval is the one that it lies in.</param>
    /// <param name="toMs">Intervals that begin before it.</param>
    public static List<PriceAnswer> Prices(PriceSeries series, long fromMs, long toMs, int most)
    {
        if (toMs - fromMs > DaysMax * Instants.MsPerDay)
        {
            throw new BadHttpRequestException($"to: it is more than {DaysMax} days after from.");
        }

        var (answers, through) = (new List<PriceAnswer>(), series.LatestKnown());
        for (var day = series.Calendar.DayOf(fromMs); answers.Count < most && series.StartOf(day, 0) < toMs; day++)
        {
            var (count, known, nextMs) = (series.CountOf(day), series.DayOf(day, through), series.StartOf(day + 1, 0));
            for (var i = 0; i < count && answers.Count < most; i++)
            {
                var (startMs, endMs) = (series.StartOf(day, i), Math.Min(nextMs, series.StartOf(day, i + 1)));
                if (endMs > fromMs && startMs < toMs)
                {
                    answers.Add(new PriceAnswer(
                        Instants.ToInstant(startMs), Instants.ToInstant(endMs), PriceSeriesCheck.TextOf(series.Definition, known.Micro[i]),
                        known.Publications[i] == 0 ? null : known.Publications[i], known.Publications[i] == 0));
                }
            }
        }

        return answers;
    }

    /// <summary>A publication; null where the series has none of that number.</summary>
    public async Task<PricePublicationAnswer?> PublicationAsync(string series, int number)
    {
        await using var command = database.CreateCommand(
            """
            select published_at, cardinality(days), corrected, reason, published_by, agreed_by from price_publication where series = $1 and number = $2
            """);
        Statements.Add(command, series, number);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new(number, series, reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt32(1), reader.GetInt32(2),
                reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5))
            : null;
    }
}
