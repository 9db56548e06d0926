using AccountGrid.Domain.Figures;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>Figures of collection against values worked out by hand and published ones.</summary>
public sealed class CollectionTests
{
    private static readonly int Today = new DateOnly(2026, 2, 10).DayNumber;

    /// <summary>
    /// PGVCL, first quarter of 2015-16: billing efficiency 79.30 %, collection efficiency 96.52 %, loss 23.46 %. In July it collected 110.69 %.
    /// </summary>
    [Fact]
    public void Loss_is_what_is_not_paid_of_the_energy_that_went_in()
    {
        Assert.Equal(0.2346m, decimal.Round(Collection.AtcLoss(0.7930m, 0.9652m)!.Value, 4));
        Assert.Equal(0.7930m, Collection.BillingEfficiency(new(7_930), new(10_000)));
        Assert.Equal(-0.1069m, Collection.AtcLoss(1m, 1.1069m));
        Assert.Null(Collection.AtcLoss(null, 0.9m));
        Assert.Null(Collection.AtcLoss(0.9m, null));
    }

    [Theory]
    [InlineData(90, 100, "0.9")]
    [InlineData(110, 100, "1.1")]
    [InlineData(0, 100, "0")]
    [InlineData(5, 0, null)]
    [InlineData(5, -1, null)]
    public void A_collection_rate_can_exceed_one_and_needs_something_billed(long collected, long billed, string? rate) =>
        Assert.Equal(
            rate is null ? null : decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture),
            Collection.Rate(Money.FromUnits(collected), Money.FromUnits(billed)));

    /// <summary>300 open of 900 that were billed in 90 days: 30 days. 120 are not due yet: 12 days at best.</summary>
    [Fact]
    public void Days_of_sales_are_receivable_over_billed_times_days()
    {
        Assert.Equal(30m, Collection.DaysOfSales(Money.FromUnits(300), Money.FromUnits(900), 90));
        Assert.Equal(12m, Collection.BestDaysOfSales(Money.FromUnits(120), Money.FromUnits(900), 90));
        Assert.Null(Collection.DaysOfSales(Money.FromUnits(300), Money.Zero, 90));
    }

    /// <summary>Opening 400, billed 600, closing 250 of which 150 is not due: (1000 − 250) / (1000 − 150) = 750 / 850.</summary>
    [Fact]
    public void The_effectiveness_index_is_what_was_collected_of_what_could_be()
    {
        Assert.Equal(750m / 850m, Index(400, 600, 250, 150));
        Assert.Equal(1m, Index(400, 600, 150, 150));
        Assert.Null(Index(0, 0, 0, 0));

        static decimal? Index(long opening, long billed, long closing, long current) => Collection.EffectivenessIndex(
            Money.FromUnits(opening), Money.FromUnits(billed), Money.FromUnits(closing), Money.FromUnits(current));
    }

    [Fact]
    public void The_receivable_is_measured_in_mean_monthly_bills()
    {
        Assert.Equal(0.5m, Collection.ReceivableRatio(Money.FromUnits(50), Money.FromUnits(1_200), 12));
        Assert.Null(Collection.ReceivableRatio(Money.FromUnits(50), Money.Zero, 12));
        Assert.Null(Collection.ReceivableRatio(Money.FromUnits(50), Money.FromUnits(1_200), 0));
    }

    [Theory]
    [InlineData(59, true, false)]
    [InlineData(60, false, false)]
    [InlineData(70, false, false)]
    [InlineData(71, false, true)]
    public void Days_of_exposure_below_60_are_excellent_and_above_70_improvable(int total, bool isExcellent, bool isImprovable)
    {
        var days = new DaysOfExposure(30, 3, 15, 1, 5, total - 54);
        Assert.Equal((total, isExcellent, isImprovable), (days.Total, days.IsExcellent, days.IsImprovable));
    }

    [Theory]
    [InlineData(-3, AgeingBucket.NotDue)]
    [InlineData(0, AgeingBucket.NotDue)]
    [InlineData(1, AgeingBucket.Days1To30)]
    [InlineData(30, AgeingBucket.Days1To30)]
    [InlineData(31, AgeingBucket.Days31To60)]
    [InlineData(60, AgeingBucket.Days31To60)]
    [InlineData(61, AgeingBucket.Days61To90)]
    [InlineData(90, AgeingBucket.Days61To90)]
    [InlineData(91, AgeingBucket.Days91To180)]
    [InlineData(180, AgeingBucket.Days91To180)]
    [InlineData(181, AgeingBucket.Days181To365)]
    [InlineData(365, AgeingBucket.Days181To365)]
    [InlineData(366, AgeingBucket.Over365)]
    public void A_day_overdue_has_its_bucket(int days, AgeingBucket bucket) => Assert.Equal(bucket, Ageing.BucketOf(days));

    [Fact]
    public void Ageing_sums_to_what_is_open_and_names_what_crossed_the_year_s_end()
    {
        var newYear = new DateOnly(2026, 1, 1).DayNumber;
        var rows = Ageing.Of([new(newYear - 1, Money.FromUnits(10)), new(newYear, Money.FromUnits(20)), new(Today + 5, Money.FromUnits(40))], Today);
        Assert.Equal(7, rows.Count);
        Assert.Equal(new(AgeingBucket.NotDue, Money.FromUnits(40), Money.Zero), rows[0]);
        Assert.Equal(new(AgeingBucket.Days31To60, Money.FromUnits(30), Money.FromUnits(10)), rows[2]);
        Assert.Equal(Money.FromUnits(70), new(rows.Sum(r => r.Amount.Nano)));
        Assert.All(Ageing.Of([], Today), r => Assert.Equal(Money.Zero, r.Amount));
    }
}
