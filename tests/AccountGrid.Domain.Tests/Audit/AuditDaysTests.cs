using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>Days as they are shown sum to what is charged, and the forecast remembers them as they are; where one differs the audit names it.</summary>
public sealed class AuditDaysTests
{
    private readonly Life _life =
        new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent).To("2026-03-20T10:00:00+08:00");

    [Fact]
    public void Days_that_are_closed_open_late_and_moved_sum_to_what_is_charged()
    {
        Assert.Empty(Differences(Rows()));
        _life.Partition.Append(_life.NowMs, Given.Reading(Life.Meter, "2026-03-10T06:30:00+08:00", 198_400));
        _life.Grid.Settle();
        Assert.Empty(Differences(Rows()));
        _life.To("2026-03-21T10:00:00+08:00");
        Assert.Empty(Differences(Rows()));
        _life.Ok(Given.Open(2));
        _life.Ok(new ReleaseMeter(Life.Meter, 2, 0, Given.At("2026-03-15T00:00:00+08:00"), null));
        Assert.Empty(Differences(Rows()));
        _life.To("2026-03-23T10:00:00+08:00");
        Assert.Empty(Differences(Rows()));
    }

    [Fact]
    public void A_day_that_is_missing_or_changed_is_named()
    {
        var rows = Rows();
        Assert.Contains("leave 24", Assert.Single(Differences(rows[..^1]), d => d.Contains("unexplained", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(Differences(rows[..^1]), d => d.Contains("forecast", StringComparison.Ordinal));
        var changed = rows[^1] with { Base = rows[^1].Base + new Money(1) };
        Assert.Contains("0.000000001", Assert.Single(Differences([.. rows[..^1], changed])), StringComparison.Ordinal);
    }

    private List<DayRow> Rows() => [.. _life.Partition.AllDays(Life.Meter).Where(d => d.Account == Life.Account)];

    private List<string> Differences(List<DayRow> rows)
    {
        var tariffs = new Dictionary<int, AuditTariff> { [1] = new(1, _life.Grid.Tariff(1).Definition) };
        return [.. AuditDays.Differences(_life.State, rows, tariffs)];
    }
}
