using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>A closed day must be charged by the prices that count; a price of an interval in which nothing was used changes no charge.</summary>
public sealed class AuditPricedDaysTests
{
    private readonly DynamicGrid _grid = new("2026-06-01T00:00+02:00");

    /// <summary>1 kWh by 10:00, and no reading after it: the day closes, and 15:00 is corrected.</summary>
    public AuditPricedDaysTests()
    {
        _grid.Publish("2026-06-01T00:00+02:00", _grid.Whole("2026-06-01", 6, _ => 1_000_000));
        _grid.Use("2026-06-01T10:00+02:00", 1_000);
        _grid.Check("2026-06-04T12:00+02:00");
        _grid.Publish("2026-06-04T13:00+02:00", DynamicGrid.Of("2026-06-01", 15, 3_000_000));
        _grid.Check("2026-06-04T13:30+02:00");
        _grid.Grid[0].Flush();
    }

    [Fact]
    public void A_correction_behind_the_last_reading_is_no_difference()
    {
        var row = Assert.Single(Rows());
        Assert.Equal(("-1.000000000", 1, 2), (_grid.Balance, row.PricesThrough, _grid.Account.PricesThroughOrZero));
        Assert.Equal([], Differences(Rows()));
    }

    [Fact]
    public void A_correction_of_what_was_used_is_one_until_the_day_is_charged_again()
    {
        var before = Rows();
        _grid.Publish("2026-06-04T14:00+02:00", DynamicGrid.Of("2026-06-01", 5, 2_000_000));
        _grid.Check("2026-06-04T14:30+02:00");
        _grid.Grid[0].Flush();
        Assert.Equal(["its 2026-06-01 is charged by prices through publication 1, and those through 3 count"], Differences(before));
        Assert.Equal([], Differences(Rows()));
    }

    private List<DayRow> Rows() => [.. _grid.Grid[0].AllDays(7).Where(d => d.Points.Count > 0)];

    private List<string> Differences(List<DayRow> rows)
    {
        var tariff = new AuditTariff(1, _grid.Grid.Tariff(1).Definition, series: PriceHistories.AuditPricesOf(_grid.Series, Given.Day("2026-06-01"), 6));
        return new AuditPricedDays(_grid.Account, rows, new Dictionary<int, AuditTariff> { [1] = tariff }).Differences;
    }
}
