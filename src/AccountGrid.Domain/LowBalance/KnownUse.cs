using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// What readings say of an account's use up to an instant: energy of whole local days, closed or open, of the running day so far, and how a day's energy lies
/// over its hours. A function of the known points: a day has the same energy here whether it is open, closed, or opened again for late data.
/// </summary>
internal sealed class KnownUse
{
    /// <summary>A meter that is further behind the newest reading than this is not waited for.</summary>
    private const long LagMaxMs = 2 * Instants.MsPerDay;

    /// <summary>Only differences this short say at what hour energy was used: a longer one was spread by rule.</summary>
    private const long ShortMs = Instants.MsPerHour;

    private const long ShapeMs = 2 * Instants.MsPerDay;

    /// <summary>Weight of an hour that uses as much as the mean hour.</summary>
    private const long MeanWeight = 10_000;

    /// <summary>Hours of the day that must have been seen.</summary>
    private const int ShapeHoursMin = 20;
    private const int HoursPerDay = 24;

    /// <summary>All of a day's energy, as <see cref="PartOf"/> counts it: millionths.</summary>
    public const long Whole = 1_000_000;

    private readonly AccountState _account;
    private readonly long[] _openWh = new long[UseHistory.Days + 1];
    private readonly bool[] _isOpen = new bool[UseHistory.Days + 1];

    /// <summary>Energy of days that were opened again, as it was booked and stands in the history.</summary>
    private readonly long[] _bookedWh = new long[UseHistory.Days + 1];
    private readonly long[] _hourWh = new long[HoursPerDay];
    private readonly long[] _hourMs = new long[HoursPerDay];

    /// <summary>The account's first day that its meters were there from the start.</summary>
    private readonly int _firstWholeDay;

    private KnownUse(AccountState account, long throughMs, long chargedMs)
    {
        (_account, ThroughMs, ChargedMs) = (account, throughMs, chargedMs);
        Today = account.Calendar.DayOf(throughMs);
        SinceMs = account.Meters.Min(m => m.FromMs);
        _firstWholeDay = account.Calendar.DayOfIntervalEnd(SinceMs) + 1;
        foreach (var meter in account.Meters.SelectMany(m => m.ChargedLines))
        {
            TakeOpen(meter);
        }

        HourWeights = WeightsOf(_hourWh, _hourMs);
    }

    /// <summary>Readings of all meters are there up to here, UTC ms; a meter that lags by more than two days is not waited for.</summary>
    public long ThroughMs { get; }

    /// <summary>Up to here use is charged, UTC ms: the mean over meters of their last readings.</summary>
    public long ChargedMs { get; }

    /// <summary>The local day of <see cref="ThroughMs"/>, which has only begun.</summary>
    public int Today { get; }

    /// <summary>Start of the account's first meter, UTC ms.</summary>
    public long SinceMs { get; }

    /// <summary>Use by hour of the day in the last two days against the mean hour; null where too few hours were seen, or nothing was used.</summary>
    public long[]? HourWeights { get; }

    /// <summary>Energy of <see cref="Today"/> so far, Wh.</summary>
    public long TodayWh => EnergyOf(0, Today);

    /// <summary>Null for an account without a meter.</summary>
    public static KnownUse? Of(AccountState account)
    {
        var (newest, count) = (long.MinValue, 0);
        foreach (var meter in LinesOf(account))
        {
            (newest, count) = (Math.Max(newest, meter.Last.TimeMs), count + 1);
        }

        if (count == 0)
        {
            return null;
        }

        var (through, behind) = (newest, 0L);
        foreach (var meter in LinesOf(account))
        {
            var lag = newest - meter.Last.TimeMs;
            through = lag <= LagMaxMs ? Math.Min(through, meter.Last.TimeMs) : through;
            behind += Math.Min(lag, LagMaxMs);
        }

        return new KnownUse(account, through, newest - (behind / count));
    }

    private static IEnumerable<MeterState> LinesOf(AccountState account) =>
        account.Meters.Where(m => m.UntilMs == long.MaxValue).SelectMany(m => m.ChargedLines);

    /// <summary>Energy of a day before <see cref="Today"/>; null where it is not known whole.</summary>
    public long? WholeDay(int day)
    {
        var back = Today - day;
        if (back is < 1 or > UseHistory.Days || day < _firstWholeDay)
        {
            return null;
        }

        return _isOpen[back] || _account.Customer?.Use.Of(day) is not null ? EnergyOf(back, day) : null;
    }

    private long EnergyOf(int back, int day) =>
        Math.Max(0, _openWh[back] + (_account.Customer?.Use.Of(day) is { } closed ? closed.Wh - _bookedWh[back] : 0));

    /// <summary>What share of a day's energy lies before now, by the hours of late.</summary>
    public long PartOfToday()
    {
        var plan = _account.PlanAt(ThroughMs);
        return PartOf(plan, plan.StartMs, ThroughMs);
    }

    /// <summary>What share of a day's energy lies in a part of it, millionths: by the hours of late, evenly where they are not known.</summary>
    public long PartOf(DayPlan plan, long fromMs, long toMs)
    {
        if (fromMs == plan.StartMs && toMs == plan.EndMs)
        {
            return Whole;
        }

        var whole = WeightOf(plan, plan.StartMs, plan.EndMs);
        return whole > 0 ? (long)((Int128)WeightOf(plan, fromMs, toMs) * Whole / whole) : (toMs - fromMs) * Whole / (plan.EndMs - plan.StartMs);
    }

    /// <summary>
    /// Mean price of a day's energy from an instant on, micro units a kWh; where the hours are not known, or rate registers say what it costs, the mean
    /// that the running period had.
    /// </summary>
    public long PriceOf(DayPlan plan, Tariff tariff, long fromMs)
    {
        if (!tariff.IsTimeOfUse)
        {
            return tariff.PriceOf(0).MicroPerKwh;
        }

        if ((HourWeights is null || IsByRegisters(tariff)) && _account.Periods.FindLast(p => p.Tariff == tariff.Number) is { Live: { Energy.Wh: > 0 } live }
            && live.Base > WideMoney.Zero)
        {
            return (long)(live.Base.Nano / live.Energy.Wh);
        }

        Span<long> weights = stackalloc long[tariff.RatesOn(plan.Day)];
        for (var at = fromMs; at < plan.EndMs;)
        {
            var (slot, end) = (plan.SlotOf(at), SlotEnd(plan, at, plan.EndMs));
            weights[plan.RateOf(slot)] += (HourWeights?[plan.HourOf(slot)] ?? 1) * (end - at);
            at = end;
        }

        var (sum, total) = ((Int128)0, 0L);
        for (var rate = 0; rate < weights.Length; rate++)
        {
            (sum, total) = (sum + ((Int128)weights[rate] * _account.PriceOf(tariff, plan.Day, rate).MicroPerKwh), total + weights[rate]);
        }

        return total == 0 ? 0 : (long)(sum / total);
    }

    /// <summary>Whether rate registers say what energy costs, so that hours do not.</summary>
    private bool IsByRegisters(Tariff tariff) => _account.Meters.Exists(
        m => m.Rates is not null && m.UntilMs == long.MaxValue && tariff.RateOf(RegisterKind.ImportRate1) is not null);

    /// <summary>Weight of a part of a day: milliseconds by how much their hour uses.</summary>
    public long WeightOf(DayPlan plan, long fromMs, long toMs)
    {
        if (HourWeights is not { } weights)
        {
            return toMs - fromMs;
        }

        var sum = 0L;
        for (var at = fromMs; at < toMs;)
        {
            var end = SlotEnd(plan, at, toMs);
            sum += weights[plan.HourOf(plan.SlotOf(at))] * (end - at);
            at = end;
        }

        return sum;
    }

    /// <summary>The end of the quarter of an hour that an instant lies in, or of the part that is looked at.</summary>
    public static long SlotEnd(DayPlan plan, long atMs, long toMs) => Math.Min(toMs, plan.StartMs + ((plan.SlotOf(atMs) + 1) * Limits.SlotMs));

    private void TakeOpen(MeterState meter)
    {
        foreach (var booked in meter.Reopened ?? [])
        {
            if (Today - booked.Day is >= 0 and <= UseHistory.Days and var back)
            {
                _bookedWh[back] += booked.Energy.Wh;
            }
        }

        var before = meter.Tail;
        foreach (var point in meter.Open.ToList().Where(p => RegisterLine.Counts(p)))
        {
            Take(meter, before, point);
            before = point;
        }
    }

    private void Take(MeterState meter, in Point from, in Point to)
    {
        var isCharged = Validation.Judge(meter.Rating, from, to, out var energy) == VeeOutcome.Accepted;
        var plan = _account.PlanAt(from.TimeMs);
        var last = to.TimeMs <= plan.EndMs ? plan.Day : _account.Calendar.DayOfIntervalEnd(to.TimeMs);
        for (var day = Math.Max(meter.ClosedThroughDay + 1, plan.Day); day <= last; day++)
        {
            AddTo(day, 0);
        }

        if (!isCharged)
        {
            return;
        }

        TakeHour(from, to, energy);
        var sink = new DaySink(this, meter.ClosedThroughDay);
        Spreader.Spread(meter.TariffsOf(_account), from.TimeMs, to.TimeMs, energy, to.Shape, ref sink);
    }

    private void TakeHour(in Point from, in Point to, Energy energy)
    {
        if (to.TimeMs - from.TimeMs <= ShortMs && from.TimeMs >= ThroughMs - ShapeMs && to.TimeMs <= ThroughMs)
        {
            var plan = _account.PlanAt(from.TimeMs);
            var hour = plan.HourOf(plan.SlotOf(from.TimeMs));
            _hourWh[hour] += energy.Wh;
            _hourMs[hour] += to.TimeMs - from.TimeMs;
        }
    }

    private void AddTo(int day, long wh)
    {
        if (Today - day is >= 0 and <= UseHistory.Days and var back)
        {
            _openWh[back] += wh;
            _isOpen[back] = true;
        }
    }

    private static long[]? WeightsOf(long[] wh, long[] ms)
    {
        var seen = ms.Count(m => m > 0);
        if (seen < ShapeHoursMin || wh.Sum() == 0)
        {
            return null;
        }

        var (allWh, allMs) = ((Int128)wh.Sum(), ms.Sum());
        var weights = new long[HoursPerDay];
        for (var h = 0; h < HoursPerDay; h++)
        {
            weights[h] = ms[h] == 0 ? MeanWeight : (long)Int128.Min(MeanWeight * HoursPerDay, wh[h] * (Int128)allMs * MeanWeight / (allWh * ms[h]));
        }

        return weights;
    }

    private readonly struct DaySink(KnownUse use, int closedThroughDay) : IEnergySink
    {
        public void Add(DayPlan plan, int rate, Energy energy)
        {
            if (plan.Day > closedThroughDay)
            {
                use.AddTo(plan.Day, energy.Wh);
            }
        }
    }
}
