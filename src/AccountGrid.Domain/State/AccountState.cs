using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>
/// One account inside its partition: what the fold needs and no more. Changed only by the fold. Balance is credits less the
/// charges of all periods; low-balance levels stand beside it so that a reading compares with one number.
/// </summary>
public sealed class AccountState : ITariffByDay
{
    private readonly Func<int, Tariff> _tariffs;
    private DayPlan? _plan;
    private ChargePeriod? _lastPeriod;

    public AccountState(int number, Func<int, Tariff> tariffs)
    {
        Number = number;
        _tariffs = tariffs;
    }

    public int Number { get; }

    public AccountStatus Status { get; set; }

    public PaymentMode Mode { get; set; }

    /// <summary>The household now.</summary>
    public Household Household { get; set; }

    /// <summary>Households that held before, rising by day; empty for nearly all accounts.</summary>
    public List<FormerHousehold> FormerHouseholds { get; } = [];

    public int OpenedDay { get; set; }

    /// <summary>Payments, refunds, reversals and adjustments, summed.</summary>
    public WideMoney Credit { get; set; }

    /// <summary>Charges of all periods, kept up with every reading.</summary>
    public WideMoney Charged { get; private set; }

    /// <summary>Within <see cref="AccountBounds"/>.</summary>
    public Money Balance => (Credit - Charged).ToMoney();

    /// <summary>The balance by the ledger's entries: without what open days have cost so far.</summary>
    public Money LedgerBalance => Periods.Aggregate(Credit - Settled, (sum, p) => sum - p.Booked).ToMoney();

    /// <summary>Charges of periods that no longer change and are no longer kept apart.</summary>
    public WideMoney Settled { get; set; }

    /// <summary>First day that can still change; earlier periods are settled.</summary>
    public int SettledBeforeDay { get; set; } = int.MinValue;

    /// <summary>Products and tariff versions by first day, rising. Never empty for an open account.</summary>
    public List<TariffSpan> Tariffs { get; } = new(1);

    /// <summary>Periods in rising order of start day, then of tariff span.</summary>
    public List<ChargePeriod> Periods { get; } = new(2);

    public List<MeterState> Meters { get; } = new(1);

    /// <summary>Payments and adjustments of the last <see cref="Limits.ReversibleDays"/> days, rising by position.</summary>
    public List<MoneyMovement> Movements { get; } = [];

    /// <summary>What was moved without a second person since a day.</summary>
    public UnapprovedSum Unapproved { get; set; }

    public LevelState Levels;

    /// <summary>What makes it an account of the company's own books; null for a customer's.</summary>
    public InternalAccount? Internal { get; set; }

    /// <summary>What the workflows know; null for an account without any.</summary>
    public Customer? Customer { get; set; }

    /// <summary>Last local day for which a standing charge was taken.</summary>
    public int StandingThroughDay { get; set; }

    /// <summary>When the sweeper must check the account next, UTC ms; <see cref="long.MaxValue"/> is never.</summary>
    public long DueAtMs { get; set; } = long.MaxValue;

    /// <summary>
    /// Bills ask for what is owed, item by item; false: it is taken from a prepaid balance. A closed account is asked by bills, whatever it was.
    /// </summary>
    public bool OwesByBill => Mode != PaymentMode.Prepaid || Status == AccountStatus.Closed;

    /// <summary>Whether a stop notice would be true: somebody whose life depends on supply, or an account without a meter, is not threatened.</summary>
    public bool MayBeCut => Customer?.Has(CustomerTraits.NeverCut) != true && Status == AccountStatus.Open && Meters.Exists(m => m.UntilMs == long.MaxValue);

    /// <summary>Position of the last record that changed it: its version.</summary>
    public long Version { get; set; }

    /// <summary>Its place in its partition, from 0; kept for life.</summary>
    internal int Place { get; set; }

    /// <summary>It was worked on and waits to be packed.</summary>
    internal bool WantsPacking { get; set; }

    public LocalCalendar Calendar => CurrentTariff.Calendar;

    public Tariff CurrentTariff => _tariffs(Tariffs[^1].Tariff);

    public Tariff TariffByNumber(int number) => _tariffs(number);

    /// <summary>The version that holds on a day that has begun.</summary>
    public Tariff TariffOf(int day) => TariffOf(day, long.MaxValue);

    /// <summary>The version that holds on a day, by what was known of days to come at a time in the log, UTC ms.</summary>
    public Tariff TariffOf(int day, long asOfMs)
    {
        var span = Tariffs[SpanAt(day)];
        var named = _tariffs(span.Tariff);
        return IsFollowing(span, named, asOfMs) ? named.Product.VersionOn(Math.Max(day, span.FromDay), asOfMs) ?? named : named;
    }

    /// <summary>First day of the tariff version that comes after the one of a day, as far as is known; <see cref="int.MaxValue"/> where none does.</summary>
    /// <param name="asOfMs">Time in the log, UTC ms.</param>
    public int TariffEndOf(int day, long asOfMs = long.MaxValue)
    {
        var i = SpanAt(day);
        var (span, end) = (Tariffs[i], i + 1 < Tariffs.Count ? Tariffs[i + 1].FromDay : int.MaxValue);
        var named = _tariffs(span.Tariff);
        return IsFollowing(span, named, asOfMs) ? Math.Min(end, named.Product.NextDayAfter(Math.Max(day, span.FromDay), asOfMs)) : end;
    }

    /// <summary>Whether the account is on a product on a day, and not on an agreed version.</summary>
    public bool IsFollowingOn(int day) => Tariffs[SpanAt(day)] is var span && IsFollowing(span, _tariffs(span.Tariff), long.MaxValue);

    /// <summary>Whether a version that is not announced yet can take effect for the account from a day on.</summary>
    /// <param name="asOfMs">Time in the log, UTC ms.</param>
    public bool FollowsFrom(int day, long asOfMs = long.MaxValue)
    {
        for (var i = SpanAt(day); i < Tariffs.Count; i++)
        {
            if (IsFollowing(Tariffs[i], _tariffs(Tariffs[i].Tariff), asOfMs))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An agreement on a version that was withdrawn before it began goes on with the product.</summary>
    private static bool IsFollowing(in TariffSpan span, Tariff named, long asOfMs) => span.Follows || named.Product.IsWithdrawn(named, asOfMs);

    private int SpanAt(int day)
    {
        var i = Tariffs.Count - 1;
        while (i > 0 && day < Tariffs[i].FromDay)
        {
            i--;
        }

        return i;
    }

    /// <summary>The plan of the day of an instant, by what was known of days to come at a time in the log, UTC ms.</summary>
    public DayPlan PlanAt(long ms, long asOfMs)
    {
        var day = CurrentTariff.PlanAt(ms).Day;
        return TariffOf(day, asOfMs).PlanOf(day);
    }

    /// <summary>The plan of the day of an instant that has begun.</summary>
    public DayPlan PlanAt(long ms)
    {
        if (_plan is { } plan && plan.Contains(ms))
        {
            return plan;
        }

        var day = CurrentTariff.PlanAt(ms).Day;
        return _plan = TariffOf(day).PlanOf(day);
    }

    /// <summary>Adds charged energy (or takes it back) on a day at a rate; <see cref="Recharge"/> then brings the balance up.</summary>
    public void AddEnergy(DayPlan plan, int rate, Energy energy)
    {
        var tariff = TariffOf(plan.Day);
        var period = PeriodOf(plan.Day, tariff);
        period.Live.Energy += energy;
        period.Live.Base += tariff.PriceOf(rate) * energy;
        period.Stale = true;
    }

    /// <summary>Keeps what can be taken back, and forgets what no longer can.</summary>
    public void Remember(MoneyMovement movement)
    {
        Movements.RemoveAll(m => m.Day < movement.Day - Limits.ReversibleDays);
        if (Movements.Count >= Limits.MovementsMax)
        {
            Movements.RemoveAt(0);
        }

        Movements.Add(movement);
    }

    public void TakeBack(long position, Money amount)
    {
        var index = Movements.FindIndex(m => m.Position == position);
        Movements[index] = Movements[index] with { TakenBack = Movements[index].TakenBack + amount };
    }

    public ChargePeriod PeriodOf(int day, Tariff tariff)
    {
        if (_lastPeriod is { } last && last.Tariff == tariff.Number && day >= last.StartDay && day < tariff.PeriodEndOf(last.StartDay))
        {
            return last;
        }

        var start = tariff.PeriodStartOf(day);
        var at = Periods.Count;
        for (; at > 0 && Periods[at - 1].StartDay >= start; at--)
        {
            if (Periods[at - 1].StartDay == start && Periods[at - 1].Tariff == tariff.Number)
            {
                return _lastPeriod = Periods[at - 1];
            }

            if (Periods[at - 1].StartDay == start && FirstDayUnder(Periods[at - 1].Tariff) < FirstDayUnder(tariff.Number))
            {
                break;
            }
        }

        _lastPeriod = new ChargePeriod(start, tariff.Number);
        Periods.Insert(at, _lastPeriod);
        return _lastPeriod;
    }

    /// <summary>Works out every period that changed, and those after it that share its calendar period.</summary>
    public void Recharge()
    {
        var delta = WideMoney.Zero;
        for (var i = Periods.Count - 1; i >= 0; i--)
        {
            if (!Periods[i].Stale)
            {
                continue;
            }

            for (var j = i; j < Periods.Count && Periods[j].StartDay == Periods[i].StartDay; j++)
            {
                delta += Periods[j].Recharge(_tariffs(Periods[j].Tariff), TermsOf(Periods[j]), EnergyBefore(j, closed: false));
            }
        }

        Charged += delta;
    }

    /// <summary>Books closed sums of a period; later versions in the same calendar period move with it.</summary>
    public ChargeParts BookClosed(ChargePeriod period, Sums closed)
    {
        var parts = default(ChargeParts);
        for (var j = Periods.IndexOf(period); j < Periods.Count && Periods[j].StartDay == period.StartDay; j++)
        {
            var other = Periods[j];
            var before = EnergyBefore(j, closed: true);
            var was = other.Booked;
            var change = other.Book(_tariffs(other.Tariff), TermsOf(other), before, other == period ? closed : other.Closed);
            // A later version's surcharge also moves when what lies before it grew; that difference is a tier difference.
            parts += change with { Tiers = change.Tiers + (other.Booked - was - change.Total) };
        }

        return parts;
    }

    /// <summary>The household that a tier period is charged for, by its first day.</summary>
    public Household HouseholdOf(int periodStart)
    {
        foreach (var former in FormerHouseholds)
        {
            if (periodStart < former.UntilDay)
            {
                return former.Household;
            }
        }

        return Household;
    }

    /// <summary>What the tiers of a period depend on beside its energy.</summary>
    public TierTerms TermsOf(ChargePeriod period) => TermsOf(period.StartDay, _tariffs(period.Tariff));

    /// <summary>What the tiers of a period under a tariff depend on beside its energy; <see cref="TierTerms.Part"/> by when tiers of that kind began.</summary>
    /// <param name="start">First local day of the period.</param>
    internal TierTerms TermsOf(int start, Tariff tariff)
    {
        var begin = start;
        for (var i = 0; i < Tariffs.Count && tariff.Tiers.IsPartial; i++)
        {
            if (_tariffs(Tariffs[i].Tariff).Tiers.PerYear == tariff.Tiers.PerYear && (i + 1 == Tariffs.Count || Tariffs[i + 1].FromDay > start))
            {
                begin = Math.Max(OpenedDay, Tariffs[i].FromDay);
                break;
            }
        }

        return new(HouseholdOf(start), start, tariff.TierPartFrom(start, begin));
    }

    /// <summary>Another household from the first day of a tier period on. What is booked for its periods follows by <see cref="Rebook"/>.</summary>
    internal void Rehouse(int fromDay, Household household)
    {
        var before = HouseholdOf(fromDay - 1);
        FormerHouseholds.RemoveAll(f => f.UntilDay >= fromDay);
        if (fromDay > OpenedDay)
        {
            FormerHouseholds.Add(new FormerHousehold(fromDay, before));
        }

        Household = household;
    }

    /// <summary>What the periods from a day on would cost more with another household; they are not changed.</summary>
    internal WideMoney CostOf(int fromDay, Household household)
    {
        var cost = WideMoney.Zero;
        for (var i = 0; i < Periods.Count; i++)
        {
            if (Periods[i].StartDay >= fromDay)
            {
                cost += ChargePeriod.ChargeOf(
                    Periods[i].Live, _tariffs(Periods[i].Tariff), TermsOf(Periods[i]) with { Household = household }, EnergyBefore(i, closed: false)).Total
                    - Periods[i].Charge;
            }
        }

        return cost;
    }

    /// <summary>What the closed sums of the periods from a day on cost, taken apart.</summary>
    internal ChargeParts ClosedParts(int fromDay)
    {
        var parts = default(ChargeParts);
        for (var i = 0; i < Periods.Count; i++)
        {
            var period = Periods[i];
            if (period.StartDay >= fromDay)
            {
                parts += ChargePeriod.ChargeOf(period.Closed, _tariffs(period.Tariff), TermsOf(period), EnergyBefore(i, closed: true));
            }
        }

        return parts;
    }

    /// <summary>Books the closed sums of the periods from a day on as they cost now, and has their live charge worked out anew.</summary>
    internal void Rebook(int fromDay)
    {
        for (var i = 0; i < Periods.Count; i++)
        {
            var period = Periods[i];
            if (period.StartDay >= fromDay)
            {
                period.Book(_tariffs(period.Tariff), TermsOf(period), EnergyBefore(i, closed: true), period.Closed);
                period.Stale = true;
            }
        }
    }

    /// <summary>Folds the oldest settled periods into one number once there are more than are kept.</summary>
    public void SettleOldPeriods()
    {
        while (Periods.Count > Limits.PeriodsKept && Periods[0].IsSettled)
        {
            var oldest = Periods[0];
            Settled += oldest.Charge;
            SettledBeforeDay = _tariffs(oldest.Tariff).PeriodEndOf(oldest.StartDay);
            Periods.RemoveAt(0);
            _lastPeriod = null;
        }
    }

    /// <summary>Forgets what was worked out under the tariffs so far; called when they change, so that a replay from stored state does the same.</summary>
    public void ForgetPlans()
    {
        _plan = null;
        _lastPeriod = null;
    }

    internal void RestoreCharged() => Charged = Periods.Aggregate(Settled, (sum, p) => sum + p.Charge);

    /// <summary>
    /// Energy that counts towards the tiers before a period's own: of earlier versions in the same month, or in the same year. Months and years are counted
    /// apart: tiers of a year that begin in mid-year count from zero, all the same whether January lies before the change or not.
    /// </summary>
    /// <param name="closed">Of closed days only; else of all.</param>
    public Energy EnergyBefore(int index, bool closed)
    {
        var sum = Energy.Zero;
        var perYear = _tariffs(Periods[index].Tariff).Tiers.PerYear;
        for (var i = index - 1; i >= 0 && Periods[i].StartDay == Periods[index].StartDay; i--)
        {
            if (_tariffs(Periods[i].Tariff).Tiers.PerYear == perYear)
            {
                sum += closed ? Periods[i].Closed.Energy : Periods[i].Live.Energy;
            }
        }

        return sum;
    }

    /// <summary>The first local day on which a version holds for the account; <see cref="int.MinValue"/> where it never does.</summary>
    private int FirstDayUnder(int tariff)
    {
        foreach (var span in Tariffs)
        {
            var product = _tariffs(span.Tariff).Product;
            if (product.FirstDayOf(tariff) is { } first && Math.Max(span.FromDay, first) is var day && TariffOf(day).Number == tariff)
            {
                return day;
            }
        }

        return int.MinValue;
    }
}
