using AccountGrid.Domain.Events;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Figures;

/// <summary>What the figures count of an account's rows.</summary>
public sealed class FigureFoldTests
{
    private const long Unit = 1_000_000_000;
    private const string Pack = "p";

    private static readonly int Day = new DateOnly(2026, 3, 2).DayNumber;
    private static readonly long Noon = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly FigureSums _sums = new();
    private readonly FigureAccount _account = new() { Number = 1 };

    public FigureFoldTests() => Open(PaymentMode.Postpaid);

    [Fact]
    public void Entries_are_summed_with_the_sign_of_their_name()
    {
        Enter(EntryKind.Charge, -5, -5);
        Enter(EntryKind.Correction, 2, -3);
        Enter(EntryKind.Standing, -1, -4);
        Enter(EntryKind.LateFee, -3, -7);
        Enter(EntryKind.Waiver, 1, -6);
        Enter(EntryKind.Refund, -4, -10);
        Enter(EntryKind.Compensation, 6, -4);
        Enter(EntryKind.WriteOff, 4, 0);
        Assert.Equal((0, 4), Sum(FigureNames.Charged));
        Assert.Equal((0, 2), Sum(FigureNames.LateFees));
        Assert.Equal((1, 4), Sum(FigureNames.Refunds));
        Assert.Equal((1, 6), Sum(FigureNames.Compensation));
        Assert.Equal((1, 4), Sum(FigureNames.WrittenOff));
    }

    [Fact]
    public void Amounts_of_all_accounts_are_wider_than_a_balance()
    {
        for (var i = 0; i < 3; i++)
        {
            FigureFold.Enter(_account, EntryKind.Charge, -5_000_000_000_000_000_000, 0, Day, _sums);
        }

        Assert.Equal(15_000_000_000_000_000_000m, Assert.Single(_sums.All).Value.Amount);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Instants.MsPerDay - 1, 1)]
    [InlineData(Instants.MsPerDay, 0)]
    public void A_notice_is_followed_by_a_payment_within_24_hours_or_not(long afterMs, int followed)
    {
        Happen(new NoticeGiven("n", NoticeKind.LowBalance, Pack));
        Happen(new PaymentTaken(Money.FromUnits(1), "bank", null), afterMs, Day + 1);
        Assert.Equal((1, 0), Sum(FigureNames.Notices, NoticeKind.LowBalance.Code()));

        // On the day of the notice, so that the share of a day is of its own notices.
        Assert.Equal((followed, 0), Sum(FigureNames.NoticesPaid, NoticeKind.LowBalance.Code()));
    }

    [Fact]
    public void A_notice_counts_once_however_many_payments_follow_and_a_message_that_asks_for_nothing_never()
    {
        Happen(new NoticeGiven("a", NoticeKind.Bill, Pack));
        Happen(new NoticeGiven("b", NoticeKind.SupplyRestored, Pack));
        Happen(new PaymentTaken(Money.FromUnits(1), "bank", null));
        Happen(new PaymentTaken(Money.FromUnits(1), "wallet", null));
        Assert.Equal((1, 0), Sum(FigureNames.NoticesPaid, NoticeKind.Bill.Code()));
        Assert.Equal((0, 0), Sum(FigureNames.Notices, NoticeKind.SupplyRestored.Code()));
        Assert.Equal((1, 1), Sum(FigureNames.Payments, "bank"));
        Assert.Equal((1, 1), Sum(FigureNames.Payments, "wallet"));
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(Instants.MsPerHour, "1")]
    [InlineData(Instants.MsPerHour + 1, "3")]
    [InlineData(12 * Instants.MsPerHour, "12")]
    [InlineData((24 * Instants.MsPerHour) + 1, "72")]
    [InlineData((72 * Instants.MsPerHour) + 1, "more")]
    public void A_restore_is_counted_by_the_hours_that_it_took(long ms, string bucket)
    {
        Happen(new RelayChanged(Relay.CutReleased, Relay.Cut, 1, CutCause.Arrears, null));
        Happen(new RelayChanged(Relay.Cut, Relay.Restoring, 2, CutCause.Arrears, null));
        Happen(new RelayChanged(Relay.Restoring, Relay.On, 2, CutCause.Arrears, null), ms);
        Assert.Equal((1, 0), Sum(FigureNames.Cuts, "arrears"));
        Assert.Equal(1, _sums.All.Where(s => s.Key.Name == FigureNames.Restores).Sum(s => s.Value.Count));
        Assert.Equal(ms / 1_000, _sums.All.Single(s => s.Key.Name == FigureNames.Restores && s.Key.Detail == bucket).Value.Amount);
    }

    [Fact]
    public void A_cut_that_was_called_off_is_no_cut_and_no_restore()
    {
        Happen(new RelayChanged(Relay.On, Relay.CutPlanned, 1, CutCause.Arrears, null));
        Happen(new RelayChanged(Relay.CutPlanned, Relay.On, 1, CutCause.Arrears, null));
        Assert.DoesNotContain(_sums.All.Keys, k => k.Name is FigureNames.Cuts or FigureNames.Restores);
    }

    [Fact]
    public void A_refused_cut_counts_once_and_each_of_its_reasons_once()
    {
        var facts = new InterlockResult(false,
            [new(InterlockReasons.Hold, "a"), new(InterlockReasons.Hold, "b"), new(InterlockReasons.PaymentPending, "c")], Pack, null!);
        Happen(new CutDecided(CutStep.Refused, 1, facts));
        Happen(new CutDecided(CutStep.Planned, 1, facts with { Go = true, Reasons = [] }));
        Assert.Equal((1, 0), Sum(FigureNames.CutsRefused));
        Assert.Equal((1, 0), Sum(FigureNames.CutsRefusedReasons, InterlockReasons.Hold.Text));
        Assert.Equal((1, 0), Sum(FigureNames.CutsRefusedReasons, InterlockReasons.PaymentPending.Text));
    }

    [Theory]
    [InlineData(FigureFold.ContactMs, 1)]
    [InlineData(FigureFold.ContactMs + 1, 0)]
    public void A_payment_within_seven_days_is_the_last_contacts(long afterMs, int counted)
    {
        Happen(new ContactRecorded("call", "key 1", "reached", null));
        Happen(new ContactRecorded("visit", "key 2", "nobody-home", null));
        Happen(new PaymentTaken(Money.FromUnits(9), "bank", null), afterMs);
        Assert.Equal((1, 0), Sum(FigureNames.ContactsReached, "key 1"));
        Assert.Equal((0, 0), Sum(FigureNames.ContactsReached, "key 2"));
        Assert.Equal((1, 0), Sum(FigureNames.Contacts, "key 2"));
        Assert.Equal((counted, 9 * counted), Sum(FigureNames.CollectedAfterContact, "key 2"));
        Assert.Equal((0, 0), Sum(FigureNames.CollectedAfterContact, "key 1"));
    }

    [Fact]
    public void Nothing_of_a_float_or_suspense_account_is_counted()
    {
        Happen(new AccountOpened("f", 1, PaymentMode.Prepaid, Day, 0, false, [], AccountKind.Float));
        Happen(new PaymentTaken(Money.FromUnits(1), "bank", null));
        Enter(EntryKind.Deposit, 5, 5);
        FigureFold.Close(_account, Day, _sums);
        Assert.Empty(_sums.All);
    }

    [Fact]
    public void What_is_owed_has_the_ages_of_the_latest_bills_and_what_no_bill_asked_for_is_not_due()
    {
        Bill(-100, 40, 40);
        Bill(-40, 30, 70);
        Bill(5, 20, 90);
        Enter(EntryKind.Charge, -7, -97);
        FigureFold.Close(_account, Day, _sums);
        Assert.Equal((1, 27), Sum(FigureNames.Receivable, "notDue"));
        Assert.Equal((1, 30), Sum(FigureNames.Receivable, "days31To60"));
        Assert.Equal((1, 40), Sum(FigureNames.Receivable, "days91To180"));
        Assert.Equal((0, 40), Sum(FigureNames.ReceivableEarlier, "days91To180"));
        Assert.Equal((0, 0), Sum(FigureNames.ReceivableEarlier, "days31To60"));
        Assert.Equal((1, -97), Sum(FigureNames.Accounts, "postpaid"));

        // A payment pays the oldest first; a credit owes nothing.
        Enter(EntryKind.Payment, 60, -37);
        Happen(new PaymentTaken(Money.FromUnits(60), "bank", null));
        Assert.Equal([(Day + 1, 7L), (Day + 5, 20L), (Day - 40, 10L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano / Unit)));
        Enter(EntryKind.Payment, 40, 3);
        Assert.Empty(_account.Receivables(Day));
    }

    [Fact]
    public void Owed_is_never_more_or_less_than_the_balance_says()
    {
        // More was asked for than is known of bills, or than is owed.
        _account.AskedNano = 50;
        _account.BalanceNano = -70;
        Assert.Equal([(Day + 1, 20L), (Day + 1, 50L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano)));
        _account.Bills.Add(new(Day - 3, 10));
        Assert.Equal([(Day + 1, 20L), (Day - 3, 50L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano)));
        _account.BalanceNano = -5;
        Assert.Equal([(Day - 3, 5L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano)));
    }

    [Fact]
    public void What_a_prepaid_account_owes_stands_apart_and_what_it_pays_is_not_collected_of_bills()
    {
        Happen(new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "c", "a", "b"));
        Enter(EntryKind.Charge, -5, -5);
        FigureFold.Close(_account, Day, _sums);
        Assert.Equal((1, 5), Sum(FigureNames.PrepaidOwed));
        Assert.DoesNotContain(_sums.All.Keys, k => k.Name == FigureNames.Receivable);
        Happen(new PaymentTaken(Money.FromUnits(9), "bank", null), position: 7);
        Happen(new PaymentReversed(7, Money.FromUnits(9), null));
        Assert.Equal((1, 9), Sum(FigureNames.Payments, "bank"));
        Assert.DoesNotContain(_sums.All.Keys, k => k.Name is FigureNames.Collected or FigureNames.CollectedOld);
    }

    [Fact]
    public void A_payment_after_a_notice_counts_where_the_notice_was_counted()
    {
        _account.Area = "north";
        Happen(new NoticeGiven("n", NoticeKind.PaymentDue, Pack));
        _account.Area = "south";
        Happen(new CustomerSet(1, CustomerClass.Business, default));
        Happen(new PaymentTaken(Money.FromUnits(1), "bank", null), 1_000);
        var paid = Assert.Single(_sums.All, s => s.Key.Name == FigureNames.NoticesPaid);
        Assert.Equal(("north", CustomerClass.Residential), (paid.Key.Area, paid.Key.Class));
        Assert.Equal(1, _sums.All[paid.Key with { Name = FigureNames.Notices }].Count);
    }

    [Fact]
    public void A_bill_that_is_due_on_the_last_day_of_the_year_is_arrears_of_the_next()
    {
        var last = new DateOnly(2025, 12, 31).DayNumber;
        Enter(EntryKind.Charge, -90, -100);
        _account.Bills.AddRange([new(last, 60 * Unit), new(last + 1, 30 * Unit)]);
        _account.AskedNano = 90 * Unit;
        FigureFold.Close(_account, last, _sums);
        Assert.Equal(60 * Unit, _account.OldNano);
    }

    [Fact]
    public void A_bill_asks_for_debits_beside_its_charges()
    {
        Bill(5, 0, 500, debits: 500);
        Assert.Equal((1, 500), Sum(FigureNames.Billed));
        Assert.Equal([(Day + 5, 500L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano / Unit)));
    }

    [Theory]
    [InlineData(EntryKind.WriteOff)]
    [InlineData(EntryKind.DebtMoved)]
    [InlineData(EntryKind.Compensation)]
    [InlineData(EntryKind.Adjustment)]
    public void A_credit_that_is_no_payment_pays_what_was_asked_for_but_is_not_collected(EntryKind kind)
    {
        Bill(-40, 100, 100);
        _account.OldNano = _account.OldOpenNano = 100 * Unit;
        Enter(kind, 100, 0);
        Enter(EntryKind.Charge, -60, -60);
        Assert.Equal([(Day + 1, 60L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano / Unit)));
        Happen(new PaymentTaken(Money.FromUnits(80), "bank", null));
        Assert.Equal((0, 0), Sum(FigureNames.CollectedOld));
        Assert.Equal((0, 80), Sum(FigureNames.Collected));
    }

    [Fact]
    public void A_reversal_opens_what_its_payment_paid_and_nothing_else()
    {
        Bill(-40, 40, 40);
        Enter(EntryKind.Payment, 100, 60);
        Happen(new PaymentTaken(Money.FromUnits(100), "bank", null), position: 5);
        Enter(EntryKind.Charge, -30, 30);
        Enter(EntryKind.Reversal, -100, -70);
        Happen(new PaymentReversed(5, Money.FromUnits(100), null));
        Assert.Equal([(Day + 1, 30L), (Day - 40, 40L)], _account.Receivables(Day).Select(r => (r.DueDay, r.Open.Nano / Unit)));
    }

    [Fact]
    public void What_is_collected_of_the_arrears_of_the_years_start_ends_where_they_do_and_comes_back_with_a_reversal()
    {
        var newYear = new DateOnly(2025, 12, 31).DayNumber;
        _account.BalanceNano = -100 * Unit;
        _account.Bills.Add(new(newYear - 20, 60 * Unit));
        _account.Bills.Add(new(newYear + 1, 40 * Unit));
        _account.AskedNano = 100 * Unit;
        Assert.False(FigureFold.Close(_account, newYear - 1, _sums));
        Assert.True(FigureFold.Close(_account, newYear, _sums));
        Assert.Equal(60 * Unit, _account.OldNano);
        Happen(new PaymentTaken(Money.FromUnits(50), "bank", null), position: 1);
        Happen(new PaymentTaken(Money.FromUnits(50), "bank", null), position: 2);
        Happen(new PaymentTaken(Money.FromUnits(50), "bank", null), position: 3);
        Assert.Equal((0, 60), Sum(FigureNames.CollectedOld));

        // The third paid nothing of them, the second 10.
        Happen(new PaymentReversed(3, Money.FromUnits(50), null));
        Assert.Equal((0, 60), Sum(FigureNames.CollectedOld));
        Happen(new PaymentReversed(2, Money.FromUnits(50), null));
        Assert.Equal((0, 50), Sum(FigureNames.CollectedOld));
        Assert.Equal((0, 50), Sum(FigureNames.Collected));
        Assert.Equal((2, 100), Sum(FigureNames.Reversals, "bank"));
        Assert.Equal(10 * Unit, _account.OldOpenNano);
    }

    [Fact]
    public void Debt_agreements_stand_beside_the_balances()
    {
        Enter(EntryKind.DebtMoved, 30, 0);
        Enter(EntryKind.DebtRecovery, -10, 5);
        FigureFold.Close(_account, Day, _sums);
        Assert.Equal((1, 20), Sum(FigureNames.Debt));
        Assert.Equal((1, 5), Sum(FigureNames.Credit));
    }

    [Fact]
    public void A_closed_account_is_no_account_but_owes_what_it_owes()
    {
        Enter(EntryKind.Charge, -3, -3);
        Happen(new AccountClosed(Day, null));
        FigureFold.Close(_account, Day, _sums);
        Assert.Equal((0, 0), Sum(FigureNames.Accounts, "postpaid"));
        Assert.Equal((1, 3), Sum(FigureNames.Receivable, "notDue"));
    }

    private void Open(PaymentMode mode) => Happen(new AccountOpened("A", 1, mode, Day, 0, false, []));

    private void Bill(int dueAfter, int amount, int unpaid, int debits = 0)
    {
        Enter(EntryKind.Charge, -amount, -unpaid);
        Happen(new BillClosed("b", Day - 60, Day - 30, Day + dueAfter, new(amount * Unit), new(unpaid * Unit), Pack, new(debits * Unit)));
    }

    private void Enter(EntryKind kind, int amount, int balance) => FigureFold.Enter(_account, kind, amount * Unit, balance * Unit, Day, _sums);

    private void Happen(AccountEvent happened, long afterMs = 0, int? day = null, long position = 0) =>
        FigureFold.Happen(_account, happened, position, Noon + afterMs, day ?? Day, "bank", _ => "CNY", _sums);

    private (long Count, decimal Amount) Sum(string name, string detail = "")
    {
        var sum = _sums.All.GetValueOrDefault(new(Day, "", CustomerClass.Residential, "CNY", name, detail));
        return (sum.Count, sum.Amount / Unit);
    }
}
