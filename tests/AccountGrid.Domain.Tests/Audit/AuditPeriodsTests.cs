using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>What the audit says of periods that are not as the account's facts have it.</summary>
public sealed class AuditPeriodsTests
{
    private const int Family = 5;

    [Theory]
    [InlineData("2026-01-05", "2026-01-31", false, true)]
    [InlineData("2026-01-01", "2026-01-31", false, false)]
    [InlineData("2026-01-05", "2026-01-30", false, false)]
    [InlineData("2026-01-05", "2026-01-31", true, false)]
    // Nothing was charged in January: no bill was written for it.
    [InlineData("2026-02-01", "2026-02-28", false, true)]
    [InlineData("2026-02-02", "2026-02-28", false, false)]
    public void Bills_follow_each_other_by_whole_periods(string from, string to, bool isFinal, bool right) =>
        Assert.Equal(right, !Postpaid().Close(Bill(from, to, isFinal), isFinal, int.MaxValue, Given.Day("2026-03-05")).Any());

    [Fact]
    public void A_bill_twice_is_seen()
    {
        var periods = Postpaid();
        Assert.Empty(periods.Close(Bill("2026-01-05", "2026-01-31"), false, int.MaxValue, Given.Day("2026-02-05")));
        Assert.NotEmpty(periods.Close(Bill("2026-01-05", "2026-01-31"), false, int.MaxValue, Given.Day("2026-02-05")));
    }

    [Theory]
    [InlineData("2026-02-01", true)]
    [InlineData("2026-01-15", false)]
    [InlineData("2026-03-01", false)]
    public void A_cycle_begins_behind_the_running_period(string from, bool right) =>
        Assert.Equal(right, !Postpaid().Change(new BillingCycleSet(Given.Day(from), 15, 2), Given.Day("2026-01-12"), Family).Any());

    [Theory]
    [InlineData("2026-01-21", Family, true)]
    [InlineData("2026-02-01", Family, false)]
    [InlineData("2026-01-21", 6, false)]
    public void Instalments_begin_behind_the_next_of_their_days(string from, int family, bool right) =>
        Assert.Equal(right, !Postpaid().Change(new BillingCycleSet(Given.Day(from), 31, 1, family), Given.Day("2026-01-12"), Family).Any());

    [Theory]
    [InlineData("2026-01-05", "2026-01-20", true, true)]
    [InlineData("2026-01-05", "2026-01-20", false, false)]
    [InlineData("2026-01-05", "2026-01-31", true, false)]
    public void A_closed_accounts_period_ends_on_its_last_day(string from, string to, bool isFinal, bool right) => Assert.Equal(right,
        !Postpaid().Close(Bill(from, to, isFinal), isFinal, Given.Day("2026-01-20"), Given.Day("2026-01-24")).Any());

    [Theory]
    [InlineData("2026-01-21", "2026-02-09", true)]
    [InlineData("2026-01-21", "2026-02-10", false)]
    [InlineData("2026-01-23", "2026-02-09", false)]
    public void What_follows_a_final_bill_ends_yesterday(string from, string to, bool right)
    {
        var (periods, last) = (Postpaid(), Given.Day("2026-01-20"));
        Assert.Empty(periods.Close(Bill("2026-01-05", "2026-01-20", true), true, last, Given.Day("2026-01-24")));
        Assert.Equal(right, !periods.Close(Bill(from, to, true), true, last, Given.Day("2026-02-10")).Any());
    }

    [Theory]
    [InlineData("2026-01-26", 0, false, true)]
    [InlineData("2026-01-27", 0, false, false)]
    [InlineData("2026-06-01", 0, true, true)]
    public void A_final_bill_that_is_missing_is_seen(string today, long payOut, bool isDue, bool right)
    {
        var overdue = new OverdueState { BilledThroughDay = Given.Day("2026-01-04"), PayOut = new Money(payOut) };
        Assert.Equal(right, !Postpaid().End(Closed(0), overdue, Given.Day("2026-01-20"), Given.Day(today), Pack, isDue).Any());
    }

    [Theory]
    [InlineData(10_000_000, 10_000_000, true)]
    [InlineData(10_000_000, 0, false)]
    [InlineData(9_999_999, 0, true)]
    [InlineData(-10_000_000, 0, true)]
    public void Credit_that_nobody_was_asked_to_pay_out_is_seen(long credit, long payOut, bool right)
    {
        var (periods, last) = (Postpaid(), Given.Day("2026-01-20"));
        Assert.Empty(periods.Close(Bill("2026-01-05", "2026-01-20", true), true, last, Given.Day("2026-01-24")));
        var overdue = new OverdueState { BilledThroughDay = last, PayOut = new Money(payOut) };
        Assert.Equal(right, !periods.End(Closed(credit), overdue, last, Given.Day("2026-03-01"), Pack, isDue: false).Any());
    }

    private static AuditPack Pack => new(Packs.Get("cn-residential").Definition);

    /// <summary>An account that was opened, and billed, from 5 January on.</summary>
    private static AuditPeriods Postpaid()
    {
        var periods = new AuditPeriods(new AuditTables((_, _) => Pack, new Dictionary<int, AuditTariff>(), new Dictionary<string, BillFacts>(),
            new Dictionary<string, (string, NoticeFacts)>(), new Dictionary<long, long>()));
        periods.Begin(Given.Day("2026-01-05"), Given.Day("2026-01-05"), PaymentMode.Postpaid, Family);
        return periods;
    }

    private static BillClosed Bill(string from, string to, bool isFinal = false) =>
        new("1-x", Given.Day(from), Given.Day(to), 0, default, default, "pack", IsFinal: isFinal);

    private static AccountState Closed(long nano) =>
        new(1, _ => throw new InvariantBrokenException("No tariff is needed.")) { Status = AccountStatus.Closed, Credit = new Money(nano) };
}
