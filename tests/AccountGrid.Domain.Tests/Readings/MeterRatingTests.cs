using AccountGrid.Domain.Readings;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Readings;

/// <summary>What a meter can measure at each instant, and the energy that its register stands for: at the borders, by hand, and by the audit.</summary>
public sealed class MeterRatingTests
{
    private const long Micro = MeterRating.One;

    private static readonly MeterRating Installed = new(10_000, 100_000, 900_000, 60 * Micro);

    [Theory]
    [InlineData(99, 10_000, 100_000, 60)]
    [InlineData(100, 10_000, 100_000, 60)]
    [InlineData(101, 20_000, 100_000, 60)]
    [InlineData(200, 20_000, 100_000, 60)]
    [InlineData(201, 20_000, 999_999, 80)]
    [InlineData(301, 0, 999_999, 80)]
    [InlineData(long.MaxValue, 0, 999_999, 80)]
    public void Each_fact_holds_behind_its_instant_up_to_the_next_of_its_kind(long ms, long capacityW, long widthWh, long ratio)
    {
        var rating = Installed.With(new(300, CapacityW: 0)).With(new(100, CapacityW: 20_000)).With(new(200, RegisterWidthWh: 999_999, RatioMicro: 80 * Micro));
        Assert.Equal(new MeterRating(capacityW, widthWh, 900_000, ratio * Micro), rating.At(ms));
    }

    [Fact]
    public void What_is_set_again_at_an_instant_is_replaced_and_the_rest_stays()
    {
        var rating = Installed.With(new(100, CapacityW: 1, IntervalMs: 60_000)).With(new(100, CapacityW: 2));
        Assert.Equal([new MeterFact(100, 2, null, 60_000)], rating.Changes!);
        Assert.Equal(new MeterRating(2, 100_000, 60_000, 60 * Micro), rating.From(100));
        Assert.Equal(rating.Changes!, rating.From(99).Changes!);
        Assert.Null(rating.From(100).Changes);
    }

    /// <summary>
    /// 12.5 × 3 Wh is 37, and 12.5 × 4 is 50: the next Wh brings 13. A register at 10 that changes from 60 to 80 half way to 20 has counted 5 × 60 + 5 × 80.
    /// </summary>
    [Theory]
    [InlineData(12_500_000, 0, 3, 37)]
    [InlineData(12_500_000, 3, 4, 13)]
    [InlineData(12_500_000, 4, 3, -13)]
    [InlineData(500_000, 1, 2, 1)]
    [InlineData(1, 0, 999_999, 0)]
    [InlineData(1, 0, 1_000_000, 1)]
    [InlineData(20_000_000_000_000, 0, 1_000_000_000_000_000, 1_000_000_000_000_000_000)]
    public void Energy_is_what_the_register_counts_times_the_ratio(long ratio, long fromWh, long toWh, long energy)
    {
        var rating = new MeterRating(0, 0, 0, ratio);
        Assert.Equal(energy, rating.EnergyWh(new(0, fromWh), new(100, toWh), toWh));
    }

    [Theory]
    [InlineData(0, 800)]
    [InlineData(25, 760)]
    [InlineData(50, 700)]
    [InlineData(100, 600)]
    [InlineData(101, 600)]
    public void A_difference_over_a_change_rises_evenly(long changedMs, long energy) =>
        Assert.Equal(energy, Installed.With(new(changedMs, RatioMicro: 80 * Micro)).EnergyWh(new(0, 10), new(100, 20), 20));

    /// <summary>60 × 100 W for a quarter of an hour, in whole steps: 10 kW carry 2,500 Wh, and a step of 100 Wh stands for 6,000.</summary>
    [Theory]
    [InlineData(1_000, 1_041, "Accepted")]
    [InlineData(1_001, 1_043, "Accepted")]
    [InlineData(1_001, 1_044, "Spike")]
    [InlineData(1_000, 1_100, "Accepted")]
    [InlineData(1_000, 1_200, "Spike")]
    public void A_step_of_the_register_is_no_spike_behind_transformers(long fromWh, long toWh, string outcome)
    {
        var (from, to) = (new Point(0, fromWh), new Point(900_000, toWh));
        Assert.Equal(outcome, Validation.Judge(Installed, from, to, out var energy).ToString());
        Assert.Equal((toWh - fromWh) * 60, energy.Wh);
    }

    /// <summary>A register of 100,000 Wh that passes its width brings 30 Wh × 60; a person's decision is about what it shows.</summary>
    [Fact]
    public void A_rollover_and_decisions_are_about_what_the_register_shows()
    {
        Assert.Equal(VeeOutcome.Accepted, Validation.Judge(Installed, new(0, 99_990), new(900_000, 20), out var energy));
        Assert.Equal(1_800, energy.Wh);
        var decided = new Point(900_000, 500, 0, 0, null, new PointDecision(ReadingDecision.Accept, 500, 0, 500));
        Assert.Equal(VeeOutcome.Accepted, Validation.Judge(Installed, new(0, 0), decided, out energy));
        Assert.Equal(30_000, energy.Wh);
        Assert.Equal(VeeOutcome.Spike, Validation.Judge(Installed, new(0, 0), decided with { ValueWh = 501 }, out _));
    }

    [Theory]
    [InlineData("60", 60_000_000L)]
    [InlineData("12.5", 12_500_000L)]
    [InlineData("0.000001", 1L)]
    [InlineData("20000000", 20_000_000_000_000L)]
    [InlineData("20000000.000001", null)]
    [InlineData("0", null)]
    [InlineData("-60", null)]
    [InlineData("1.0000001", null)]
    [InlineData("1e3", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_ratio_is_a_decimal(string? text, long? micro)
    {
        Assert.Equal(micro, TransformerRatio.MicroOf(text));
        Assert.True(micro is not { } known || TransformerRatio.Text(known) == text);
    }

    /// <summary>The parts of a difference sum to the whole wherever a reading stands that is on the even rise, and the audit says the same of each.</summary>
    [Fact]
    public void Parts_sum_to_the_whole_and_the_audit_agrees() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000], Gen.Long[1, 500_000_000], Gen.Long[1, 500_000_000], Gen.Int[1, 9])
            .Sample((a, b, r1, r2, at) =>
        {
            var (begin, end) = (new Point(0, Math.Min(a, b) * 10), new Point(1_000, Math.Max(a, b) * 10));
            var middle = new Point(at * 100, begin.ValueWh + ((end.ValueWh - begin.ValueWh) * at / 10));
            var rating = new MeterRating(0, 0, 0, r1).With(new(500, RatioMicro: r2));
            Point[] points = at == 5 ? [begin, middle, end] : [begin, end];
            var whole = rating.EnergyWh(begin, end, end.ValueWh);
            Assert.Equal(whole, points.Zip(points.Skip(1)).Sum(p => rating.EnergyWh(p.First, p.Second, p.Second.ValueWh)));
            foreach (var (first, second) in new[] { (begin, end), (begin, middle), (middle, end), (end with { TimeMs = 0 }, begin with { TimeMs = 1_000 }) })
            {
                Validation.Judge(rating, first, second, out var energy);
                Assert.Equal(energy.Wh, AuditLine.Judge(rating, first, second).Wh);
            }
        }, iter: 2_000);
}
