using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>The scorecard of channels at the borders of each rule.</summary>
public sealed class ChannelScoreTests
{
    private const long Minute = 60_000;

    /// <summary>Minutes of signs before, in and behind the hour from minute 60 to 120; a sign speaks for ten minutes.</summary>
    public static TheoryData<string, (long, bool)[], long> Hours => new()
    {
        { "no sign", [], 0 },
        { "one in the middle", [(80, true)], 10 },
        { "two that overlap", [(80, true), (84, true)], 14 },
        { "the same twice", [(80, true), (80, true)], 10 },
        { "in any order", [(84, true), (80, true)], 14 },
        { "a gap between two", [(80, true), (95, true)], 20 },
        { "just without a gap", [(80, true), (90, true)], 20 },
        { "before the begin", [(55, true)], 5 },
        { "long before the begin", [(50, true)], 0 },
        { "at the begin", [(60, true)], 10 },
        { "over the end", [(115, true)], 5 },
        { "at the end", [(120, true)], 0 },
        { "all the time", [(55, true), (65, true), (75, true), (85, true), (95, true), (105, true), (115, true)], 60 },
        { "a failed probe ends it", [(80, true), (83, false)], 3 },
        { "and a sign begins it again", [(80, true), (83, false), (85, true)], 13 },
        { "failed before the begin", [(55, true), (58, false)], 0 },
        { "failed at the same instant", [(80, true), (80, false)], 0 },
        { "only failures", [(80, false), (90, false)], 0 },
    };

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_sign_of_life_speaks_for_the_silence_behind_it(string what, (long, bool)[] signs, long minutes)
    {
        var up = ChannelAvailability.UpMs(signs.Select(s => new SignOfLife(s.Item1 * Minute, s.Item2)), 60 * Minute, 120 * Minute, 10 * Minute);
        Assert.True(up == minutes * Minute, $"{what}: {up / Minute} minutes.");
    }

    [Fact]
    public void Two_days_that_meet_count_a_sign_at_the_border_once()
    {
        SignOfLife[] signs = [new(115 * Minute, true), new(125 * Minute, true)];
        var parts = new[] { (60, 120), (120, 180) }.Sum(p => ChannelAvailability.UpMs(signs, p.Item1 * Minute, p.Item2 * Minute, 10 * Minute));
        Assert.Equal(ChannelAvailability.UpMs(signs, 60 * Minute, 180 * Minute, 10 * Minute), parts);
        Assert.Equal(20 * Minute, parts);
    }

    [Theory]
    [InlineData(1, 50, 1, 1, 1)]
    [InlineData(1, 99, 1, 1, 1)]
    [InlineData(2, 50, 1, 1, 2)]
    [InlineData(10, 95, 10, 8, 10)]
    [InlineData(20, 95, 19, 17, 20)]
    [InlineData(100, 50, 50, 40, 60)]
    [InlineData(100, 95, 95, 90, 100)]
    [InlineData(1000, 99, 990, 983, 997)]
    public void A_percentile_is_a_time_that_was_seen_with_the_bounds_of_its_rank(int count, int percent, long ms, double low, double high)
    {
        var times = Enumerable.Range(1, count).Select(i => (long)i).ToList();
        var (found, bounds) = new LatencyDistribution(times.AsEnumerable().Reverse().Select(t => (t, 1L))).Of(percent)!.Value;
        Assert.Equal((ms, new Interval(low, high)), (found, bounds));
        Assert.Equal(Percentile.Of(times, percent), found);
    }

    [Fact]
    public void Equal_times_are_counted_as_often_as_they_were_seen()
    {
        var times = new LatencyDistribution([(900, 1), (100, 98), (500, 1)]);
        Assert.Equal((100L, 100L, 900L), (times.Of(50)!.Value.Ms, times.Of(98)!.Value.Ms, (long)times.Of(99)!.Value.Bounds.High));
        Assert.Equal(500, times.Of(99)!.Value.Ms);
        Assert.Equal(100, times.Count);
        Assert.Null(new LatencyDistribution([]).Of(50));
        Assert.Null(ChannelFacts.Sum([], new([])).P50);
    }

    [Theory]
    [InlineData(0, 4, null)]
    [InlineData(0, 5, 0.0)]
    [InlineData(1, 5, 2_000.0)]
    [InlineData(1, 10_000, 1.0)]
    [InlineData(6, 5, 12_000.0)]
    public void A_rate_is_of_ten_thousand_payments_and_none_is_shown_below_five(long complaints, long payments, double? value) =>
        Assert.Equal(value, Find(new() { Succeeded = payments, Complaints = complaints }, ChannelMeasure.Complaints).Value);

    [Fact]
    public void Measures_follow_from_the_facts()
    {
        var facts = new ChannelFacts
        {
            Succeeded = 430,
            Rejected = 40,
            Unknown = 4,
            Reversed = 2,
            Unmatched = 3,
            Settled = 600,
            SettledDays = 2,
            DelayDays = 3,
            WatchedMs = 1_000 * Minute,
            UpMs = 990 * Minute,
        }.With(new([(1_500, 474)]));

        // 430 of 474: the check value of SERVICE.md.
        var success = Find(facts, ChannelMeasure.SuccessRate);
        Assert.Equal((0.907, 0.878, 0.930, 474L),
            (Math.Round(success.Value!.Value, 3), Math.Round(success.Bounds!.Value.Low, 3), Math.Round(success.Bounds.Value.High, 3), success.Observations));
        var available = Find(facts, ChannelMeasure.Availability);
        Assert.Equal((0.99, null, 1_000L), (available.Value, available.Bounds, available.Observations));
        Assert.Equal(1.5, Find(facts, ChannelMeasure.P95).Value);
        Assert.Equal(50, Find(facts, ChannelMeasure.Unmatched).Value);
        Assert.Equal(1.5, Find(facts, ChannelMeasure.SettlementDelay).Value);
        Assert.Equal([null, null, null], new[] { ChannelMeasure.Availability, ChannelMeasure.SettlementDelay, ChannelMeasure.Unmatched }
            .Select(m => Find(new() { Succeeded = 9 }, m).Value));
        Assert.Equal(Enum.GetValues<ChannelMeasure>(), ChannelScore.Of(facts, null).Select(v => v.Measure));
        Assert.All(Enum.GetValues<ChannelMeasure>(), m => Assert.Equal(m, ChannelMeasures.Find(m.Code())));
        Assert.Null(ChannelMeasures.Find("speed"));
    }

    [Fact]
    public void Facts_of_a_month_are_sums_and_the_percentiles_of_all_its_payments()
    {
        ChannelFacts day = new() { Succeeded = 5, Unknown = 1, WatchedMs = 10, UpMs = 9, SettledDays = 1, DelayDays = 2, Complaints = 1 };
        var month = ChannelFacts.Sum([day.With(new([(1, 5)])), day.With(new([(9, 5)]))], new([(1, 5), (9, 5)]));
        Assert.Equal(new ChannelFacts { Succeeded = 10, Unknown = 2, WatchedMs = 20, UpMs = 18, SettledDays = 2, DelayDays = 4, Complaints = 2 },
            month with { P50 = null, P95 = null, P99 = null });
        Assert.Equal((1L, 9L), (month.P50!.Ms, month.P95!.Ms));
    }

    [Fact]
    public void Ranks_follow_the_worse_bound_and_equal_ones_share_a_place()
    {
        Assert.Equal([2, 1, null, 3, 3, 5], ChannelScore.Ranks(
            [.. new[] { (30, 30), (470, 500), (29, 29), (20, 30), (20, 30), (1, 30) }
                .Select(p => Find(new() { Succeeded = p.Item1, Rejected = p.Item2 - p.Item1 }, ChannelMeasure.SuccessRate))]));

        // Of complaints few are good: 0 of 500, then 5 of 500 with the upper bound 0.023, then 0 of 30 with 0.114, then 9 of 30.
        Assert.Equal([3, 1, 2, 4], ChannelScore.Ranks(
            [.. new[] { (0, 30), (0, 500), (5, 500), (9, 30) }
                .Select(p => Find(new() { Complaints = p.Item1, Succeeded = p.Item2 }, ChannelMeasure.Complaints))]));
        Assert.Equal([null, null], ChannelScore.Ranks([Find(new(), ChannelMeasure.Availability), Find(new() { Succeeded = 4 }, ChannelMeasure.SuccessRate)]));
        Assert.Empty(ChannelScore.Ranks([]));
    }

    [Theory]
    [InlineData(99, 1, 0.99, false)]
    [InlineData(98, 2, 0.99, true)]
    [InlineData(27, 3, 0.9, false)]
    [InlineData(26, 4, 0.9, true)]
    [InlineData(0, 29, 0.99, false)]
    [InlineData(0, 30, 0.99, true)]
    public void A_share_below_its_target_is_a_breach_from_thirty_payments_on(long good, long bad, double target, bool isBreach) =>
        Assert.Equal(isBreach, ChannelScore.IsBreach(Find(new() { Succeeded = good, Rejected = bad }, ChannelMeasure.SuccessRate), (decimal)target));

    [Fact]
    public void Hours_days_and_satisfaction_have_borders_of_their_own()
    {
        static bool Is(ChannelFacts f, ChannelMeasure m, decimal target) => ChannelScore.IsBreach(Find(f, m), target);
        Assert.False(Is(new() { WatchedMs = 1_000, UpMs = 990 }, ChannelMeasure.Availability, 0.99m));
        Assert.True(Is(new() { WatchedMs = 1_000, UpMs = 989 }, ChannelMeasure.Availability, 0.99m));
        Assert.False(Is(new(), ChannelMeasure.Availability, 0.99m));
        Assert.False(Is(new() { SettledDays = 1, DelayDays = 1 }, ChannelMeasure.SettlementDelay, 1));
        Assert.True(Is(new() { SettledDays = 1, DelayDays = 2 }, ChannelMeasure.SettlementDelay, 1));
        var slow = new ChannelFacts().With(new([(5_000, 28), (10_001, 2)]));
        Assert.True(Is(slow, ChannelMeasure.P95, 10));
        Assert.False(Is(slow, ChannelMeasure.P95, 10.001m));
        Assert.False(Is(slow, ChannelMeasure.P50, 5));

        // 40 of 100 has the lower bound 0.309.
        var satisfied = ChannelScore.Of(new(), new Proportion(40, 100))[^1];
        Assert.False(ChannelScore.IsBreach(satisfied, 0.309m));
        Assert.True(ChannelScore.IsBreach(satisfied, 0.310m));
        Assert.Null(ChannelScore.Of(new(), new Proportion(4, 4))[^1].Value);
    }

    [Theory]
    [InlineData("2026-03-06", "2026-03-06", 0)]
    [InlineData("2026-03-06", "2026-03-07", 0)]
    [InlineData("2026-03-06", "2026-03-09", 1)]
    [InlineData("2026-03-08", "2026-03-09", 1)]
    [InlineData("2026-03-09", "2026-03-16", 5)]
    [InlineData("2026-03-09", "2026-03-08", 0)]
    [InlineData("2026-03-13", "2026-03-14", 1)]
    public void A_delay_counts_working_days(string from, string to, int days)
    {
        var calendar = new BusinessCalendar(new(new(2026, 1, 1), new(2026, 12, 31), [new(2026, 3, 11)], [new(2026, 3, 14)]));
        Assert.Equal(days, calendar.BusinessDaysBetween(DayOf(from), DayOf(to)));
    }

    private static MeasuredValue Find(ChannelFacts facts, ChannelMeasure measure) => ChannelScore.Of(facts, null).Single(v => v.Measure == measure);

    private static int DayOf(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).DayNumber;
}
