using AccountGrid.Domain.Figures;
using CsCheck;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Nothing is shown of fewer than five answers, nor can it be computed from what is shown.</summary>
public sealed class SampleRulesTests
{
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(4, false, false)]
    [InlineData(5, true, false)]
    [InlineData(29, true, false)]
    [InlineData(30, true, true)]
    public void Five_answers_are_shown_and_thirty_are_ranked(long answers, bool isShown, bool isRanked)
    {
        Assert.Equal(isShown, SampleRules.IsShown(answers));
        Assert.Equal(isRanked, SampleRules.IsRanked(answers));
    }

    [Fact]
    public void Ranks_follow_the_lower_bound()
    {
        // 30 of 30 has the lower bound 0.886 and 470 of 500 has 0.916: the larger sample is first, though its share is lower. 29 of 29 has no rank.
        Assert.Equal([2, 1, null, 3, 3, 5], SampleRules.Ranks([new(30, 30), new(470, 500), new(29, 29), new(20, 30), new(20, 30), new(1, 30)]));
        Assert.Empty(SampleRules.Ranks([]));
    }

    [Fact]
    public void A_group_whose_rest_would_be_small_is_hidden_too()
    {
        // Of 12 answers, 5 and 5 and 2: with the total and both fives, the two are known.
        Assert.Equal([true, true, false, false], Shown(Range(0, 12), Range(0, 5), Range(5, 5), Range(10, 2)));

        // Of 8 answers, 5 and 3.
        Assert.Equal([true, false, false], Shown(Range(0, 8), Range(0, 5), Range(5, 3)));
        Assert.Equal([true, true, true], Shown(Range(0, 10), Range(0, 5), Range(5, 5)));

        // The same answers under two names say nothing new. Four answers are never shown.
        Assert.Equal([true, true], Shown(Range(0, 6), Range(0, 6)));
        Assert.Equal([false], Shown(Range(0, 4)));
    }

    /// <summary>Answers by area, by collector and as a total, as they are published together.</summary>
    [Fact]
    public void No_difference_of_shown_groups_is_one_to_four_answers() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Array[0, 40].Sample(answers =>
        {
            List<IReadOnlySet<long>> groups = [Where(_ => true)];
            groups.AddRange(Enumerable.Range(0, 4).Select(a => Where(x => x.Item1 == a)));
            groups.AddRange(Enumerable.Range(0, 4).Select(c => Where(x => x.Item2 == c)));
            var shown = SampleRules.Shown(groups);
            var visible = groups.Where((_, i) => shown[i]).ToList();
            Assert.All(visible, g => Assert.True(g.Count >= 5));
            var sums = visible.SelectMany(g => visible.SelectMany(h => new[] { g.Except(h), g.Intersect(h), g.Union(h) })).Select(s => s.Count());
            Assert.All(sums, n => Assert.NotInRange(n, 1, 4));
            foreach (var group in visible)
            {
                var parts = visible.Where(v => !ReferenceEquals(v, group) && v.IsSubsetOf(group)).ToList();
                for (var choice = 1; choice < 1 << parts.Count; choice++)
                {
                    var chosen = parts.Where((_, i) => ((choice >> i) & 1) == 1).ToList();
                    if (chosen.Sum(c => c.Count) == chosen.SelectMany(c => c).Distinct().Count())
                    {
                        Assert.NotInRange(group.Count - chosen.Sum(c => c.Count), 1, 4);
                    }
                }
            }

            HashSet<long> Where(Func<(int, int), bool> belongs) =>
                [.. Enumerable.Range(0, answers.Length).Where(i => belongs(answers[i])).Select(i => (long)i)];
        }, iter: PropertyRuns.Of(4_000));

    private static IReadOnlyList<bool> Shown(params IReadOnlySet<long>[] groups) => SampleRules.Shown(groups);

    private static HashSet<long> Range(int from, int count) => [.. Enumerable.Range(from, count).Select(i => (long)i)];
}
