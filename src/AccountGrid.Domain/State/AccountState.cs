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

    /// <summary>Contracted capacity, rising by day; empty for nearly all accounts.</summary>
    public List<ContractedSpan> Contracted { get; } = [];

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

    /// <summary>The lines of all its meters: each one's 1.8.0, then its rate registers.</summary>
    public IEnumerable<MeterState> Lines => Meters.SelectMany(m => m.Lines);

    /// <summary>Payments and adjustments of the last <see cref="Limits.ReversibleDays"/> days, rising by position.</summary>
    public List<MoneyMovement> Movements { get; } = [];

    /// <summary>What was moved without a second person since a day.</summary>
    public UnapprovedSum Unapproved { get; set; }

    public LevelState Levels;

    /// <summary>What makes it an account of the company's own books; null for a customer's.</summary>
    public InternalAccount? Internal { get; set; }

    /// <summary>What periods under net metering that are no longer kept apart left, one for each product; empty for nearly all.</summary>
    public List<CarriedExport> Carried { get; } = [];

    /// <summary>What the workflows know; null for an account without any.</summary>
    public Customer? Customer { get; set; }

    /// <summary>Last local day for which a standing charge was taken.</summary>
    public int StandingThroughDay { get; set; }

    /// <summary>Last local day of a closed account: standing charges are taken exactly through it. <see cref="int.MaxValue"/> of an open one.</summary>
    public int LastDay => Status == AccountStatus.Closed ? StandingThroughDay : int.MaxValue;

    /// <summary>When the sweeper must check the account next, UTC ms; <see cref="long.MaxValue"/> is never.</summary>
    public long DueAtMs { get; set; } = long.MaxValue;

    /// <summary>Bills ask for what is owed, item by item, and of a closed account whatever it was; false: it is taken from a prepaid balance.</summary>
    public bool OwesByBill => Mode != PaymentMode.Prepaid || Status == AccountStatus.Closed;

    /// <summary>Whether a stop notice would be true: somebody whose life depends on supply, or an account without a meter, is not threatened.</summary>
    public bool MayBeCut => Customer?.Has(CustomerTraits.NeverCut) != true && Status == AccountStatus.Open && Meters.Exists(m => m.UntilMs == long.MaxValue);

    /// <summary>Up to which publication of prices its partition counts; null outside of a partition.</summary>
    internal PriceClock? Prices { get; set; }

    /// <summary>
    /// The publication up to which prices count for all that it is charged, while later ones changed some of them and are not carried in; null nearly always,
    /// and then its partition's counts.
    /// </summary>
    public int? PricedThrough { get; set; }

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
    /// <param name="asOfMs">Time in the log, UTC ms.</param>
    public bool IsFollowingOn(int day, long asOfMs = long.MaxValue) =>
        Tariffs[SpanAt(day)] is var span && IsFollowing(span, _tariffs(span.Tariff), asOfMs);

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
    /// <param name="isNetted">Export is taken off it, where the tariff says so.</param>
    public void AddEnergy(DayPlan plan, int rate, Energy energy, bool isNetted = false)
    {
        var tariff = TariffOf(plan.Day);
        var period = PeriodOf(plan.Day, tariff);
        period.Live.Energy += energy;
        period.Live.Base += this.PriceOf(tariff, plan.Day, rate) * energy;
        if (isNetted && tariff.Export is { IsNet: true })
        {
            period.Live.ByRate = RateSums.Add(period.Live.ByRate, tariff.RateCount, isExport: false, rate, energy.Wh);
        }

        period.Stale = true;
    }

    /// <summary>Adds exported energy (or takes it back) on a day at a rate; it counts into no tier.</summary>
    public void AddExport(DayPlan plan, int rate, Energy energy)
    {
        var tariff = TariffOf(plan.Day);
        var period = PeriodOf(plan.Day, tariff);
        period.Live.ByRate = RateSums.Add(period.Live.ByRate, tariff.RateCount, isExport: true, tariff.RateIndexOf(plan.Day, rate), energy.Wh);
        period.Stale = true;
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
        var net = ExportChain.Of(this, closed: false);
        for (var i = Periods.Count - 1; i >= 0; i--)
        {
            if (!Periods[i].Stale && net is null)
            {
                continue;
            }

            for (var j = i; j < Periods.Count && Periods[j].StartDay == Periods[i].StartDay; j++)
            {
                delta += Periods[j].Recharge(_tariffs(Periods[j].Tariff), TermsOf(Periods[j]), EnergyBefore(j, closed: false), net?[j] ?? default);
            }
        }

        Charged += delta;
    }

    /// <summary>Books closed sums of a period; later versions in the same calendar period move with it.</summary>
    /// <param name="others">Gets what other periods cost more, into which export is carried or no longer is.</param>
    public ChargeParts BookClosed(ChargePeriod period, Sums closed, List<(ChargePeriod Period, ChargeParts Parts)>? others = null)
    {
        var parts = default(ChargeParts);
        var old = ExportChain.Of(this, closed: true);
        var net = old is null ? null : ExportChain.After(this, period, closed);
        var first = Periods.IndexOf(period);
        for (var j = net is null ? first : 0; j < Periods.Count && (net is not null || Periods[j].StartDay == period.StartDay); j++)
        {
            var other = Periods[j];
            var isBeside = j < first || other.StartDay != period.StartDay;
            if (isBeside && _tariffs(other.Tariff).Export is not { IsNet: true })
            {
                continue;
            }

            var before = EnergyBefore(j, closed: true);
            var was = other.Booked;
            var change = other.Book(
                _tariffs(other.Tariff), TermsOf(other), before, other == period ? closed : other.Closed, old?[j] ?? default, net?[j] ?? default);

            // A later version's surcharge also moves when what lies before it grew; that difference is a tier difference.
            var rest = other.Booked - was - change.Total;
            // What an account's closing settles is export.
            if (!isBeside)
            {
                parts += other == period && net is not null ? change with { Export = change.Export + rest } : change with { Tiers = change.Tiers + rest };
            }
            else if (change with { Export = change.Export + rest } is var moved && moved != default)
            {
                Invariant.Holds(others is not null, $"Account {Number}: netting moves a period that is not asked for.");
                others.Add((other, moved));
            }
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

    /// <summary>
    /// What the tiers of a period under a tariff depend on beside its energy; <see cref="TierTerms.Part"/> by when versions with tiers of that kind began to
    /// hold.
    /// </summary>
    /// <param name="start">First local day of the period.</param>
    /// <param name="asOfMs">Versions count that were known then, UTC ms.</param>
    internal TierTerms TermsOf(int start, Tariff tariff, long asOfMs = long.MaxValue)
    {
        var begin = start;
        for (var day = OpenedDay; tariff.Tiers.IsPartial && day < int.MaxValue; day = TariffEndOf(day, asOfMs))
        {
            if (TariffOf(day, asOfMs).Tiers.PerYear == tariff.Tiers.PerYear && TariffEndOf(day, asOfMs) > start)
            {
                begin = day;
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
        var net = ExportChain.Of(this, closed: false);
        for (var i = 0; i < Periods.Count; i++)
        {
            if (Periods[i].StartDay >= fromDay)
            {
                cost += ChargePeriod.TotalOf(
                    Periods[i].Live, _tariffs(Periods[i].Tariff), TermsOf(Periods[i]) with { Household = household }, EnergyBefore(i, closed: false),
                    net?[i] ?? default)
                    - Periods[i].Charge;
            }
        }

        return cost;
    }

    /// <summary>What the closed sums of the periods from a day on cost, taken apart.</summary>
    internal ChargeParts ClosedParts(int fromDay)
    {
        var parts = default(ChargeParts);
        var net = ExportChain.Of(this, closed: true);
        for (var i = 0; i < Periods.Count; i++)
        {
            var period = Periods[i];
            if (period.StartDay >= fromDay)
            {
                parts += ChargePeriod.ChargeOf(
                    period.Closed, _tariffs(period.Tariff), TermsOf(period), EnergyBefore(i, closed: true), net?[i] ?? default);
            }
        }

        return parts;
    }

    /// <summary>Books the closed sums of the periods from a day on as they cost now, and has their live charge worked out anew.</summary>
    internal void Rebook(int fromDay)
    {
        var net = ExportChain.Of(this, closed: true);
        for (var i = 0; i < Periods.Count; i++)
        {
            var period = Periods[i];
            if (period.StartDay >= fromDay)
            {
                period.Book(_tariffs(period.Tariff), TermsOf(period), EnergyBefore(i, closed: true), period.Closed, net?[i] ?? default, net?[i] ?? default);
                period.Stale = true;
            }
        }
    }

    /// <summary>Puts periods into the order that the account's tariffs have now; those of a tariff that it has no more come first.</summary>
    internal void OrderPeriods()
    {
        List<ChargePeriod> ordered = [.. Periods.OrderBy(p => p.StartDay).ThenBy(p => FirstDayUnder(p.Tariff))];
        Periods.Clear();
        Periods.AddRange(ordered);
        _lastPeriod = null;
    }

    /// <summary>Forgets periods that hold nothing.</summary>
    internal void DropEmptyPeriods()
    {
        Periods.RemoveAll(p => p.Live == default && p.Closed == default && p.IsSettled && p.Charge == WideMoney.Zero);
        _lastPeriod = null;
    }

    /// <summary>Folds the oldest settled periods into one number once there are more than are kept.</summary>
    public void SettleOldPeriods()
    {
        while (Periods.Count > Limits.PeriodsKept && Periods[0].IsSettled && !ExportChain.IsHeldByFirst(this))
        {
            var oldest = Periods[0];
            ExportChain.KeepFirst(this);
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
