using System.Globalization;
using AccountGrid.Domain.Figures;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Surveys;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Scorecard;

/// <summary>Reads what was counted and computes the measures from it.</summary>
internal sealed class ScorecardReader(NpgsqlDataSource database, PaymentChannelCatalog channels, SurveyStore surveys, TimeProvider time)
{
    /// <summary>Measures of a channel on the days of a period that are counted.</summary>
    public async Task<ScorecardAnswer> ReadAsync(string channel, DateOnly from, DateOnly to)
    {
        var versions = (await channels.ListAsync(channel)).OrderBy(d => d.EffectiveFrom).ToList();
        await using var connection = await database.OpenConnectionAsync();
        var counted = await connection.QuerySingleOrDefaultAsync<DateOnly?>(
            "select day from channel_score_position where channel = @channel", new { channel });
        var days = (await connection.QueryAsync<(DateOnly Day, string Facts)>(
            "select day, facts::text from channel_score where span = 'day' and day between @from and @to and channel = @channel order by day",
            new { channel, from, to })).ToList();
        var satisfied = new Dictionary<DateOnly, IReadOnlyDictionary<string, Proportion>>();
        foreach (var month in days.Select(d => MonthBefore(d.Day)).Distinct())
        {
            satisfied[month] = await SatisfiedAsync(month);
        }

        return new(channel, from, to, counted,
            [
                .. days.SelectMany(d => ChannelScore.Of(ScoreStore.Read(d.Facts), Of(satisfied[MonthBefore(d.Day)], channel))
                    .Select(v => RowOf(d.Day, v, versions.LastOrDefault(x => x.EffectiveFrom <= d.Day)?.Targets)))]);
    }

    /// <summary>All channels by one measure, the best first.</summary>
    /// <param name="span"><c>day</c> or <c>month</c>.</param>
    public async Task<IReadOnlyList<RankingRow>> RankAsync(string span, DateOnly day, ChannelMeasure measure)
    {
        await using var connection = await database.OpenConnectionAsync();
        var satisfied = measure == ChannelMeasure.Satisfaction ? await SatisfiedAsync(day) : null;
        var facts = satisfied is not null
            ? [.. satisfied.Keys.Select(c => (Channel: c, Facts: "{}"))]
            : (await connection.QueryAsync<(string Channel, string Facts)>(
                "select channel, facts::text from channel_score where span = @span and day = @day", new { span, day })).ToList();
        var values = facts.ConvertAll(f => (f.Channel,
            Value: ChannelScore.Of(ScoreStore.Read(f.Facts), satisfied is null ? null : Of(satisfied, f.Channel)).Single(v => v.Measure == measure)));
        var ranks = ChannelScore.Ranks([.. values.Select(v => v.Value)]);
        return
            [
                .. values.Select((v, i) => new RankingRow(ranks[i], v.Channel, v.Value.Value, v.Value.Bounds?.Low, v.Value.Bounds?.High, v.Value.Observations))
                    .OrderBy(r => r.Rank ?? int.MaxValue).ThenBy(r => r.Channel, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Satisfied of all answers of a month by channel, as far as the results of surveys show them: nothing is shown here that is not there. Empty for a month
    /// that is not over.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, Proportion>> SatisfiedAsync(DateOnly month)
    {
        var from = new DateTimeOffset(month.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return time.GetUtcNow() < from.AddMonths(1)
            ? new Dictionary<string, Proportion>()
            : SurveyResults.Of(month.ToString("yyyy-MM", CultureInfo.InvariantCulture), await surveys.AnswersAsync(from, from.AddMonths(1))).Groups
                .Where(g => g is { By: "channel", Answers: not null, Satisfied: not null })
                .ToDictionary(g => g.Name, g => new Proportion((long)Math.Round(g.Satisfied!.Share * g.Answers!.Value), g.Answers.Value));
    }

    private static DateOnly MonthBefore(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(-1);

    private static Proportion? Of(IReadOnlyDictionary<string, Proportion> satisfied, string channel) =>
        satisfied.TryGetValue(channel, out var p) ? p : null;

    private static ScoreRow RowOf(DateOnly day, MeasuredValue v, IReadOnlyDictionary<string, decimal>? targets)
    {
        var target = targets is not null && targets.TryGetValue(v.Measure.Code(), out var t) ? t : (decimal?)null;
        return new(day, v.Measure.Code(), v.Measure.Unit(), v.Value, v.Bounds?.Low, v.Bounds?.High, v.Observations, target,
            target is { } limit && ChannelScore.IsBreach(v, limit));
    }
}
