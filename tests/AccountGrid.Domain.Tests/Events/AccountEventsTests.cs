using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Events;

/// <summary>Every type of event has one place where it changes the state of its account.</summary>
public sealed class AccountEventsTests
{
    private const long Unit = Money.NanoPerUnit;
    private static readonly long Noon = Given.At("2026-03-10T12:00:00+08:00");
    private static readonly int Today = Given.Day("2026-03-10");

    /// <summary>A history in which every type of event happens, each after what it needs.</summary>
    private static readonly AccountEvent[] History =
    [
        new AccountOpened("A1", 1, PaymentMode.Postpaid, Given.Day("2026-01-01"), 0, false, [Money.FromUnits(5)]),
        new CustomerSet(1, CustomerClass.Residential, CustomerTraits.None),
        new MeterInstalled(1, Noon, 0),
        new PaymentAnnounced("p", Noon + Instants.MsPerDay),
        new PaymentTaken(Money.FromUnits(100), "bank", "p"),
        new PaymentReversed(5, Money.FromUnits(100), null),
        new RefundPaid(Money.FromUnits(1), null),
        new BalanceAdjusted(-Money.FromUnits(50), "r"),
        new BalanceLow("1:low-balance:1", Money.FromUnits(5), Money.Zero),
        new TariffChanged(1, Today + 1),
        new HouseholdChanged(5, false, Given.Day("2026-03-01"), "r"), new ContractedCapacitySet(315_000, Given.Day("2026-03-01"), "r"),
        new BillClosed("1-202602", 1, 2, 3, Money.FromUnits(10), Money.FromUnits(10), "pack"),
        new BillingCycleSet(Today + 3, 15, 2),
        new StageEntered(Stage.None, Stage.Demand, 20, Money.FromUnits(10), "pack"),
        new NoticeGiven("1:demand:1", NoticeKind.Demand, "pack"),
        new NoticeCompared("1:demand:1", NoticeKind.Demand, null),
        new ContactRecorded("phone", "a", "reached", null),
        new CaseClosed("1:contact:2", "a", "done"),
        new DeliveryReported("1:demand:1", "sms", Noon),
        new PaymentPromised(Today + 3),
        new PlanAgreed([new Instalment(Today + 3, Money.FromUnits(5))], "a"),
        new PlanCancelled("a", "r"),
        new PlanBroken(Today, Money.FromUnits(5)),
        new PlanFulfilled(Money.FromUnits(5)),
        new HoldPlaced(HoldKind.Dispute, long.MaxValue, "r"),
        new HoldLifted(HoldKind.Dispute, "r"),
        new WaitBegunAnew("r"),
        new RelayChanged(Relay.On, Relay.LastNotice, 0, CutCause.Arrears, null),
        new CutDecided(CutStep.Planned, 7, new InterlockResult(true, [], "pack", Facts())),
        new RelayChanged(Relay.CutReleased, Relay.Cut, 7, CutCause.Arrears, null),
        new TamperSuspected(1, 7, 5),
        new RestoreOrdered("a", "r", Noon + Instants.MsPerDay),
        new CompensationGiven(Money.FromUnits(2), Noon, "pack"),
        new FeesWaived(Money.FromUnits(1), "r", "a", null),
        new DebtMoved(Money.FromUnits(10), 1000, Money.FromUnits(1), "r"),
        new DebtRecovered(Money.FromUnits(3)),
        new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "c", "a", "b"),
        new WrittenOff(Money.FromUnits(1), "r", "a", "b"),
        new MeterExchanged(1, 2, Noon, 1, 0),
        new ReadingDecided(1, Noon, null, ReadingDecision.Edit, 1, 2, 0, null, "r", "a", false, 1, 0, new(Unit)),
        new MeterFactsSet(2, Noon, 5, null, null, 60_000_000, "r", "a", false, 1, 0, new(Unit)),
        new ReadingEstimated(2, Noon, 5, EstimateMethod.LoadShape, "r", "a"),
        new MeterReleased(2, Noon, 1, 3),
        new ComplaintFiled("c1", ComplaintTopic.Bill),
        new ComplaintResolved("c1", ComplaintTopic.Bill, ComplaintOutcome.Upheld, "a"),
        new SurveyAsked("s1", SurveyOccasion.Area),
        new PriceNotified(1, 1),
        new DebitAnnounced("D1", "M1", Today, Money.FromUnits(1), Today),
        new DebitCollected("D1", Today, Money.FromUnits(1), Noon),
        new DebitReturned("D1", "MD06", Money.FromUnits(1), Noon),
        new AccountClosed(Today, null),
        new AccountOpened("float/A1", 1, PaymentMode.Prepaid, Given.Day("2026-01-01"), 0, false, [], AccountKind.Float),
        new FloatTermsSet(Money.FromUnits(5), 10_000, "a"),
        new InternalMoved(Money.FromUnits(100), "r", "a"),
        new MoneyTransferred(new TransferMoney(1, Money.FromUnits(50), "CNY", 2, 0, "agents", "t", null, "k")),
        new CommissionEarned(new(Unit / 2), "t"),
        new TransferReturned(Money.FromUnits(50), new(Unit / 2), "t", "x", true),
    ];

    [Fact]
    public void Every_type_of_event_can_be_applied()
    {
        var (account, position) = (New(), 1L);
        foreach (var happened in History)
        {
            AccountEvents.Apply(account, happened, position++, Noon, null);
        }

        var types = typeof(AccountEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(AccountEvent)));
        Assert.Equal([], types.Except(History.Select(e => e.GetType())).Select(t => t.Name));
        Assert.Equal(AccountStatus.Closed, account.Status);
        Assert.Equal(new Money(-(1 + 50) * Unit) + new Money((2 + 1 + 10 - 3 + 1) * Unit) + new Money((100 * Unit) + (Unit / 2)), account.Balance);
    }

    [Fact]
    public void A_stage_counts_from_its_day_and_forgets_what_is_proven_when_it_ends()
    {
        var account = WithCustomer();
        var overdue = account.Customer!.Overdue;
        AccountEvents.Apply(account, new StageEntered(Stage.PlanOffer, Stage.Demand, 20, Money.FromUnits(1), "pack"), 1, Noon, null);
        Assert.Equal((Stage.Demand, Today, Today), (overdue.Stage, overdue.StageDay, overdue.DemandDay));

        AccountEvents.Apply(account, new StageEntered(Stage.Demand, Stage.None, null, Money.Zero, "pack"), 2, Noon, null);
        Assert.Equal((Stage.None, 0), (overdue.Stage, overdue.DemandDay));
    }

    [Fact]
    public void A_last_notice_that_is_called_off_leaves_the_account_at_the_stop_notice_with_supply_on()
    {
        var account = WithCustomer();
        var (overdue, supply) = (account.Customer!.Overdue, account.Customer.Supply);
        AccountEvents.Apply(account, new NoticeGiven("1:last-notice:1", NoticeKind.LastNotice, "pack"), 1, Noon, null);
        AccountEvents.Apply(account, new RelayChanged(Relay.On, Relay.LastNotice, 0, CutCause.Arrears, null), 1, Noon, null);
        AccountEvents.Apply(account, new StageEntered(Stage.StopNotice, Stage.ReNotice, 40, Money.FromUnits(1), "pack"), 1, Noon, null);
        Assert.Equal(("1:last-notice:1", CutCause.Arrears, Stage.ReNotice), (overdue.LastNoticeId, supply.Cause, overdue.Stage));

        AccountEvents.Apply(account, new RelayChanged(Relay.LastNotice, Relay.On, 0, CutCause.Arrears, "Paid."), 2, Noon, null);
        Assert.Equal((null, CutCause.None, Stage.StopNotice, Relay.On), (overdue.LastNoticeId, supply.Cause, overdue.Stage, supply.Relay));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("No meter is left on the account.")]
    public void A_restore_that_ends_forgets_the_notice_and_the_suspicion_of_its_cut(string? reason)
    {
        var account = WithCustomer();
        var (overdue, supply) = (account.Customer!.Overdue, account.Customer.Supply);
        AccountEvents.Apply(account, new NoticeGiven("1:last-notice:1", NoticeKind.LastNotice, "pack"), 1, Noon, null);
        AccountEvents.Apply(account, new TamperSuspected(1, 7, 5), 2, Noon, null);
        Assert.True(supply.TamperSeen);

        AccountEvents.Apply(account, new RelayChanged(Relay.Restoring, Relay.On, 9, CutCause.Arrears, reason), 3, Noon, null);
        Assert.Equal((null, false), (overdue.LastNoticeId, supply.TamperSeen));
    }

    [Fact]
    public void A_restore_that_begins_waits_for_the_relay_from_then_on()
    {
        var account = WithCustomer();
        var supply = account.Customer!.Supply;
        AccountEvents.Apply(account, new CompensationGiven(Money.FromUnits(2), Noon, "pack"), 1, Noon, null);
        Assert.True(supply.Compensated);

        AccountEvents.Apply(account, new RelayChanged(Relay.Cut, Relay.Restoring, 9, CutCause.Exhausted, "Paid."), 2, Noon, null);
        Assert.Equal((9, Noon, false, long.MaxValue), (supply.Sequence, supply.RestoreSinceMs, supply.Compensated, supply.ExpiresMs));
    }

    [Fact]
    public void What_is_recovered_of_a_debt_leaves_the_balance_and_comes_back_when_the_payment_is_taken_back()
    {
        var account = WithCustomer();
        AccountEvents.Apply(account, new DebtMoved(Money.FromUnits(10), 1000, Money.Zero, "r"), 1, Noon, null);
        AccountEvents.Apply(account, new DebtRecovered(Money.FromUnits(4)), 2, Noon, null);
        Assert.Equal((new Money(6 * Unit), new Money(6 * Unit)), (account.Customer!.Debt.Left, account.Balance));

        AccountEvents.Apply(account, new DebtRecovered(-Money.FromUnits(4)), 3, Noon, null);
        Assert.Equal((new Money(10 * Unit), new Money(10 * Unit)), (account.Customer.Debt.Left, account.Balance));
    }

    private static AccountState WithCustomer()
    {
        var account = New();
        AccountEvents.Apply(account, History[0], 0, Noon, null);
        AccountEvents.Apply(account, History[1], 0, Noon, null);
        return account;
    }

    private static AccountState New()
    {
        var tariff = TariffCompiler.Compile(1, Given.Flat()).Tariff!;
        return new AccountState(1, _ => tariff);
    }

    private static InterlockFacts Facts() =>
        new() { Cause = CutCause.Arrears, AtMs = Noon, Balance = Money.Zero, Class = CustomerClass.Residential, Traits = CustomerTraits.None };
}
