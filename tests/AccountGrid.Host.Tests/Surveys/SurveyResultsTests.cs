using AccountGrid.Domain.State;
using AccountGrid.Host.Surveys;

namespace AccountGrid.Host.Tests.Surveys;

/// <summary>Results of surveys: their figures, and what is hidden.</summary>
public sealed class SurveyResultsTests
{
    [Fact]
    public void A_group_has_its_share_with_interval_and_a_rank_from_30_answers()
    {
        var rows = Rows(30, "north", 5).Concat(Rows(30, "south", 3)).Concat(Rows(5, "west", 4)).ToList();
        var results = SurveyResults.Of("2026-01", rows);
        var areas = results.Groups.Where(g => g.By == "area").ToList();
        Assert.Equal([("north", 30, 1), ("south", 30, 2), ("west", 5, null)], areas.Select(g => (g.Name, g.Answers!.Value, g.Rank)));
        Assert.Equal((1.0, 1.0), (areas[0].Satisfied!.Share, areas[0].Satisfied!.High));
        Assert.Equal(0.8865, Math.Round(areas[0].Satisfied!.Low, 4));
        Assert.Equal((0.0, 3.0), (areas[1].Satisfied!.Share, areas[1].MeanSatisfaction!.Value));

        // Five answers, all satisfied, corrected for continuity.
        Assert.Equal(0.4629, Math.Round(areas[2].Satisfied!.Low, 4));
        Assert.Equal(("total", "all", 65), (results.Groups[0].By, results.Groups[0].Name, results.Groups[0].Answers!.Value));
    }

    [Fact]
    public void Below_five_answers_nothing_is_shown_and_no_difference_tells_it()
    {
        var rows = Rows(6, "north", 5).Concat(Rows(6, "south", 5)).Concat(Rows(3, "west", 1, "angry")).ToList();
        var shown = SurveyResults.Of("2026-01", rows).Groups.ToDictionary(g => $"{g.By} {g.Name}");
        Assert.Equal(15, shown["total all"].Answers);
        Assert.Equal(6, shown["area north"].Answers);

        // 15 less 6 less 6 would be west's three.
        Assert.All(
            new[] { shown["area south"], shown["area west"] },
            g => Assert.Equal((null, null, null, null), (g.Answers, g.Satisfied, g.MeanSatisfaction, g.Rank)));

        var few = SurveyResults.Of("2026-01", [.. rows.TakeLast(3)]);
        Assert.All(few.Groups, g => Assert.Null(g.Answers));
        Assert.Empty(few.Comments);
    }

    [Fact]
    public void Effort_that_few_answered_is_hidden_by_itself()
    {
        var rows = Rows(10, "north", 5).Select((r, i) => r with { Effort = i < 4 ? 7 : null }).ToList();
        Assert.All(SurveyResults.Of("2026-01", rows).Groups, g => Assert.Equal((10, null, null), (g.Answers!.Value, g.EffortAnswers, g.Easy)));
        var more = Rows(10, "north", 5).Select((r, i) => r with { Effort = i < 5 ? Math.Min(7, 4 + i) : null }).ToList();
        Assert.All(SurveyResults.Of("2026-01", more).Groups, g => Assert.Equal((5, 0.8), (g.EffortAnswers!.Value, g.Easy!.Share)));
    }

    [Fact]
    public void Comments_are_in_an_order_that_tells_nothing()
    {
        var rows = Rows(5, "north", 5).Select((r, i) => r with { Comment = new[] { "b", "", "a", "d", "c" }[i] }).ToList();
        Assert.Equal(["a", "b", "c", "d"], SurveyResults.Of("2026-01", rows).Comments);
    }

    private static IEnumerable<SurveyAnswerRow> Rows(int count, string area, int satisfaction, string comment = "") =>
        Enumerable.Repeat(new SurveyAnswerRow(SurveyOccasion.Payment, area, null, null, null, satisfaction, null, comment), count);
}
