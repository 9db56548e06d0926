using System.Text.Json;
using AccountGrid.Domain.Figures;

namespace AccountGrid.Host.Surveys;

/// <summary>
/// Results of a month, all groups at once. They are decided together by <see cref="SampleRules.Shown"/>, and there is no other filter, so that no difference of
/// two answers of the API speaks of fewer than five persons.
/// </summary>
internal static class SurveyResults
{
    private static readonly (string By, Func<SurveyAnswerRow, string?> Of)[] Dimensions =
    [
        ("total", _ => "all"), ("occasion", r => JsonNamingPolicy.CamelCase.ConvertName(r.Occasion.ToString())), ("area", r => r.Area),
        ("manager", r => r.Manager), ("collector", r => r.Collector), ("channel", r => r.Channel),
    ];

    public static SurveyResultsAnswer Of(string month, IReadOnlyList<SurveyAnswerRow> rows)
    {
        var groups = Dimensions.SelectMany(d => Enumerable.Range(0, rows.Count).Where(i => d.Of(rows[i]) is not null)
            .GroupBy(i => d.Of(rows[i])!).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (d.By, Name: g.Key, Answers: (IReadOnlySet<long>)g.Select(i => (long)i).ToHashSet()))).ToList();
        var shown = SampleRules.Shown([.. groups.Select(g => g.Answers)]);

        // Effort may be left out, so its answers are groups of their own.
        var efforts = groups.ConvertAll(g => (IReadOnlySet<long>)g.Answers.Where(i => rows[(int)i].Effort is not null).ToHashSet());
        var shownEffort = SampleRules.Shown(efforts);
        var ranks = new int?[groups.Count];
        foreach (var dimension in Enumerable.Range(0, groups.Count).Where(i => shown[i]).GroupBy(i => groups[i].By))
        {
            var members = dimension.ToList();
            var ranked = SampleRules.Ranks([.. members.Select(i => Satisfaction(rows, groups[i].Answers).Satisfied)]);
            members.Select((m, k) => (m, k)).ToList().ForEach(x => ranks[x.m] = ranked[x.k]);
        }

        var results = groups.Select((g, i) => new SurveyGroup(
            g.By, g.Name, shown[i] ? g.Answers.Count : null, shown[i] ? Share(Satisfaction(rows, g.Answers).Satisfied) : null,
            shown[i] ? Satisfaction(rows, g.Answers).Mean : null, shown[i] && shownEffort[i] ? efforts[i].Count : null,
            shown[i] && shownEffort[i] ? Share(Effort(rows, efforts[i]).Easy) : null, ranks[i])).ToList();
        var isTotalShown = groups.Count > 0 && shown[0];
        return new(month, results, isTotalShown ? [.. rows.Select(r => r.Comment).Where(c => c.Length > 0).Order(StringComparer.Ordinal)] : []);
    }

    private static AnswerCounts Satisfaction(IReadOnlyList<SurveyAnswerRow> rows, IEnumerable<long> of) =>
        AnswerCounts.Of(AnswerCounts.SatisfactionMax, of.Select(i => rows[(int)i].Satisfaction));

    private static AnswerCounts Effort(IReadOnlyList<SurveyAnswerRow> rows, IEnumerable<long> of) =>
        AnswerCounts.Of(AnswerCounts.EffortMax, of.Select(i => rows[(int)i].Effort!.Value));

    private static SurveyShare? Share(Proportion p) => p.Share is { } share && Wilson.Of(p) is { } interval ? new(share, interval.Low, interval.High) : null;
}
