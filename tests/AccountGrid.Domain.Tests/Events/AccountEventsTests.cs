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
        new AccountOpened("A1", 1, PaymentMode.Postpaid, Given.Day("2026-01-01"), 0, false, [5 * Unit]),
        new CustomerSet(1, CustomerClass.Residential, CustomerTraits.None),
        new MeterInstalled(1, Noon, 0),
        new PaymentAnnounced("p", Noon + Instants.MsPerDay),
        new PaymentTaken(100 * Unit, "bank", "p"),
        new PaymentReversed(5, 100 * Unit, null),
        new RefundPaid(1 * Unit, null),
        new BalanceAdjusted(-50 * Unit, "r"),
        new BalanceLow("1:low-balance:1", 5 * Unit, 0),
        new TariffChanged(1, Today + 1),
        new HouseholdChanged(5, false, Given.Day("2026-03-01"), "r"), new ContractedCapacitySet(315_000, Given.Day("2026-03-01"), "r"),
        new BillClosed("1-202602", 1, 2, 3, 10 * Unit, 10 * Unit, "pack"),
        new BillingCycleSet(Today + 3, 15, 2),
        new StageEntered(Stage.None, Stage.Demand, 20, 10 * Unit, "pack"),
        new NoticeGiven("1:demand:1", NoticeKind.Demand, "pack"),
        new NoticeCompared("1:demand:1", NoticeKind.Demand, null),
        new ContactRecorded("phone", "a", "reached", null),
        new CaseClosed("1:contact:2", "a", "done"),
        new DeliveryReported("1:demand:1", "sms", Noon),
        new PaymentPromised(Today + 3),
        new PlanAgreed([new Instalment(Today + 3, 5 * Unit)], "a"),
        new PlanCancelled("a", "r"),
        new PlanBroken(Today, 5 * Unit),
        new PlanFulfilled(5 * Unit),
        new HoldPlaced(HoldKind.Dispute, long.MaxValue, "r"),
        new HoldLifted(HoldKind.Dispute, "r"),
        new WaitBegunAnew("r"),
        new RelayChanged(Relay.On, Relay.LastNotice, 0, CutCause.Arrears, null),
        new CutDecided(CutStep.Planned, 7, new InterlockResult(true, [], "pack", Facts())),
        new RelayChanged(Relay.CutReleased, Relay.Cut, 7, CutCause.Arrears, null),
        new TamperSuspected(1, 7, 5),
        new RestoreOrdered("a", "r", Noon + Instants.MsPerDay),
        new CompensationGiven(2 * Unit, Noon, "pack"),
        new FeesWaived(1 * Unit, "r", "a", null),
        new DebtMoved(10 * Unit, 1000, Unit, "r"),
        new DebtRecovered(3 * Unit),
        new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "c", "a", "b"),
        new WrittenOff(1 * Unit, "r", "a", "b"),
        new MeterExchanged(1, 2, Noon, 1, 0),
        new ReadingDecided(1, Noon, null, ReadingDecision.Edit, 1, 2, 0, null, "r", "a", false, 1, 0, Unit),
        new MeterReleased(2, Noon, 1, 3),
        new ComplaintFiled("c1", ComplaintTopic.Bill),
        new ComplaintResolved("c1", ComplaintTopic.Bill, ComplaintOutcome.Upheld, "a"),
        new SurveyAsked("s1", SurveyOccasion.Area),
        new PriceNotified(1, 1),
        new DebitAnnounced("D1", "M1", Today, Unit, Today),
        new DebitCollected("D1", Today, Unit, Noon),
        new DebitReturned("D1", "MD06", Unit, Noon),
        new AccountClosed(Today, null),
        new AccountOpened("float/A1", 1, PaymentMode.Prepaid, Given.Day("2026-01-01"), 0, false, [], AccountKind.Float),
        new FloatTermsSet(5 * Unit, 10_000, "a"),
        new InternalMoved(100 * Unit, "r", "a"),
        new MoneyTransferred(new TransferMoney(1, 50 * Unit, "CNY", 2, 0, "agents", "t", null, "k")),
        new CommissionEarned(Unit / 2, "t"),
        new TransferReturned(50 * Unit, Unit / 2, "t", "x", true),
    ];

    [Fact]
    public void Every_type_of_event_can_be_applied()
    {
        var (account, position) = (New(), 1L);
        foreach (var happened in History)
        {
            AccountEvents.Apply(account, happened, position++, Noon);
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
        AccountEvents.Apply(account, new StageEntered(Stage.PlanOffer, Stage.Demand, 20, Unit, "pack"), 1, Noon);
        Assert.Equal((Stage.Demand, Today, Today), (overdue.Stage, overdue.StageDay, overdue.DemandDay));

        AccountEvents.Apply(account, new StageEntered(Stage.Demand, Stage.None, null, 0, "pack"), 2, Noon);
        Assert.Equal((Stage.None, 0), (overdue.Stage, overdue.DemandDay));
    }

    [Fact]
    public void A_last_notice_that_is_called_off_leaves_the_account_at_the_stop_notice_with_supply_on()
    {
        var account = WithCustomer();
        var (overdue, supply) = (account.Customer!.Overdue, account.Customer.Supply);
        AccountEvents.Apply(account, new NoticeGiven("1:last-notice:1", NoticeKind.LastNotice, "pack"), 1, Noon);
        AccountEvents.Apply(account, new RelayChanged(Relay.On, Relay.LastNotice, 0, CutCause.Arrears, null), 1, Noon);
        AccountEvents.Apply(account, new StageEntered(Stage.StopNotice, Stage.ReNotice, 40, Unit, "pack"), 1, Noon);
        Assert.Equal(("1:last-notice:1", CutCause.Arrears, Stage.ReNotice), (overdue.LastNoticeId, supply.Cause, overdue.Stage));

        AccountEvents.Apply(account, new RelayChanged(Relay.LastNotice, Relay.On, 0, CutCause.Arrears, "Paid."), 2, Noon);
        Assert.Equal((null, CutCause.None, Stage.StopNotice, Relay.On), (overdue.LastNoticeId, supply.Cause, overdue.Stage, supply.Relay));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("No meter is left on the account.")]
    public void A_restore_that_ends_forgets_the_notice_and_the_suspicion_of_its_cut(string? reason)
    {
        var account = WithCustomer();
        var (overdue, supply) = (account.Customer!.Overdue, account.Customer.Supply);
        AccountEvents.Apply(account, new NoticeGiven("1:last-notice:1", NoticeKind.LastNotice, "pack"), 1, Noon);
        AccountEvents.Apply(account, new TamperSuspected(1, 7, 5), 2, Noon);
        Assert.True(supply.TamperSeen);

        AccountEvents.Apply(account, new RelayChanged(Relay.Restoring, Relay.On, 9, CutCause.Arrears, reason), 3, Noon);
        Assert.Equal((null, false), (overdue.LastNoticeId, supply.TamperSeen));
    }

    [Fact]
    public void A_restore_that_begins_waits_for_the_relay_from_then_on()
    {
        var account = WithCustomer();
        var supply = account.Customer!.Supply;
        AccountEvents.Apply(account, new CompensationGiven(2 * Unit, Noon, "pack"), 1, Noon);
        Assert.True(supply.Compensated);

        AccountEvents.Apply(account, new RelayChanged(Relay.Cut, Relay.Restoring, 9, CutCause.Exhausted, "Paid."), 2, Noon);
        Assert.Equal((9, Noon, false, long.MaxValue), (supply.Sequence, supply.RestoreSinceMs, supply.Compensated, supply.ExpiresMs));
    }

    [Fact]
    public void What_is_recovered_of_a_debt_leaves_the_balance_and_comes_back_when_the_payment_is_taken_back()
    {
        var account = WithCustomer();
        AccountEvents.Apply(account, new DebtMoved(10 * Unit, 1000, 0, "r"), 1, Noon);
        AccountEvents.Apply(account, new DebtRecovered(4 * Unit), 2, Noon);
        Assert.Equal((new Money(6 * Unit), new Money(6 * Unit)), (account.Customer!.Debt.Left, account.Balance));

        AccountEvents.Apply(account, new DebtRecovered(-4 * Unit), 3, Noon);
        Assert.Equal((new Money(10 * Unit), new Money(10 * Unit)), (account.Customer.Debt.Left, account.Balance));
    }

    private static AccountState WithCustomer()
    {
        var account = New();
        AccountEvents.Apply(account, History[0], 0, Noon);
        AccountEvents.Apply(account, History[1], 0, Noon);
        return account;
    }

    private static AccountState New()
    {
        var tariff = TariffCompiler.Compile(1, Given.Flat()).Tariff!;
        return new AccountState(1, _ => tariff);
    }

    private static InterlockFacts Facts() =>
        new() { Cause = CutCause.Arrears, AtMs = Noon, BalanceNano = 0, Class = CustomerClass.Residential, Traits = CustomerTraits.None };
}
