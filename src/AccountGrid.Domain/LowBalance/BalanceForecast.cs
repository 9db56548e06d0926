using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// How long a balance lasts, and what days to come will cost: the one forecast behind the balance, the notices, the levels by days and the workflows. Use is
/// forecast by <see cref="UseForecast"/>, laid over the hours as of late, and rated by the tariffs that will hold then: price by hour, tiers, standing charge
/// and tax, so a change of tariff or a price that was announced counts at once. What was used since the last reading is part of what is
/// to come: a silent meter does not make a balance last.
/// </summary>
public sealed class BalanceForecast
{
    /// <summary>Days beyond which nobody asks how long a balance lasts.</summary>
    public const int DaysMax = 90;

    /// <summary>Longest silence of meters that a forecast fills in, days.</summary>
    private const int SilenceMaxDays = 30;

    /// <summary>A forecast ends where it costs more than any balance: two thousand million units.</summary>
    private const long CostMaxNano = 2_000_000_000 * Money.NanoPerUnit;

    private readonly AccountState _account;
    private readonly KnownUse _known;
    private readonly UseForecast _use;
    private readonly long _atMs;
    private readonly long _fromMs;

    /// <summary>By day from the running one on, what it costs to the end of it from <see cref="_fromMs"/>; grows as far as it is asked for.</summary>
    private readonly List<DayCost> _days = [];
    private RunningPeriod _period;

    private BalanceForecast(AccountState account, KnownUse known, UseForecast use, long atMs)
    {
        (_account, _known, _use, _atMs) = (account, known, use, atMs);
        _fromMs = Math.Max(known.ChargedMs, atMs - (SilenceMaxDays * Instants.MsPerDay));
        _period = RunningPeriod.Of(account, account.Calendar.DayOf(_fromMs), atMs);
    }

    /// <summary>
    /// Null where nothing is known of the account's use, or its balance says nothing of supply: a postpaid account's, or one without a meter.
    /// </summary>
    /// <param name="business">Business days of the account's policy pack; null goes by weekdays alone.</param>
    public static BalanceForecast? Of(AccountState account, BusinessCalendar? business, long atMs) =>
        account.Mode != PaymentMode.Postpaid && account.Status == AccountStatus.Open && KnownUse.Of(account) is { } known
            && UseForecast.Of(account, known, business) is { } use
            ? new BalanceForecast(account, known, use, atMs)
            : null;

    /// <summary>What is used but not charged yet, and what the next so many days cost.</summary>
    public Money CostOfDays(int days) => CostUntil(_atMs + (days * Instants.MsPerDay));

    /// <summary>Days that the balance lasts, in tenths, rounded down, at most <see cref="DaysMax"/> days; null where nothing is used.</summary>
    public int? TenthsOfDaysLeft()
    {
        var end = _atMs + (DaysMax * Instants.MsPerDay);
        var balance = _account.Balance;
        if (balance <= Money.Zero)
        {
            return 0;
        }

        for (var i = 0; ; i++)
        {
            if (DayAt(i) is not { } day)
            {
                break;
            }

            if (day.End > balance)
            {
                var ms = day.TimeOf(balance, _account.PlanAt(day.FromMs, _atMs), _known);
                return (int)Math.Clamp((ms - _atMs) * 10 / Instants.MsPerDay, 0, DaysMax * 10);
            }

            if (day.ToMs >= end)
            {
                break;
            }
        }

        return _days.Count > 0 && _days[^1].End <= Money.Zero
            ? null
            : (int)Math.Clamp(((_days.Count == 0 ? _fromMs : _days[^1].ToMs) - _atMs) * 10 / Instants.MsPerDay, 0, DaysMax * 10);
    }

    /// <summary>The most that is spent by any moment until one: prices below zero can give some of it back later.</summary>
    private Money CostUntil(long ms)
    {
        var most = Money.Zero;
        for (var i = 0; DayAt(i) is { } day && day.FromMs < ms; i++)
        {
            var cost = day.ToMs <= ms ? day.End : day.CostAt(ms, _account.PlanAt(day.FromMs, _atMs), _known);
            most = cost > most ? cost : most;
        }

        return most;
    }

    /// <summary>Null beyond where a forecast ends.</summary>
    private DayCost? DayAt(int index)
    {
        while (_days.Count <= index)
        {
            var fromMs = _days.Count == 0 ? _fromMs : _days[^1].ToMs;
            var before = _days.Count == 0 ? Money.Zero : _days[^1].End;
            if (Math.Abs(before.Nano) > CostMaxNano || Next(fromMs, before) is not { } next)
            {
                return null;
            }

            _days.Add(next);
        }

        return _days[index];
    }

    private DayCost? Next(long fromMs, Money before)
    {
        var plan = _account.PlanAt(fromMs, _atMs);
        _period.MoveTo(_account, plan.Day, _atMs);
        var whole = _use.WhOf(plan.Day);
        var wh = (long)((Int128)whole * _known.PartOf(plan, fromMs, plan.EndMs) / KnownUse.Whole);
        var nano = (Int128)wh * _known.PriceOf(plan, _period.Tariff, fromMs);
        if (nano > CostMaxNano || nano < -CostMaxNano)
        {
            return null;
        }

        var (standing, rest) = _period.Add(_account, plan.Day, wh, new Money((long)nano), isStandingDue: plan.Day > _account.StandingThroughDay, _atMs);
        return standing.Nano > CostMaxNano || rest.Nano > CostMaxNano || rest.Nano < -CostMaxNano
            ? null
            : new DayCost(fromMs, plan.EndMs, before + standing.ToMoney(), before + standing.ToMoney() + rest.ToMoney());
    }

    /// <param name="Start">Cost before the day's first energy: its standing charge is in it.</param>
    private readonly record struct DayCost(long FromMs, long ToMs, Money Start, Money End)
    {
        /// <summary>Cost up to an instant of the day: energy as it lies over the hours.</summary>
        public Money CostAt(long ms, DayPlan plan, KnownUse known) => At(known.WeightOf(plan, FromMs, ms), plan, known);

        /// <summary>When the cost reaches an amount, to the quarter of an hour and evenly within it.</summary>
        public long TimeOf(Money amount, DayPlan plan, KnownUse known)
        {
            var (at, cost, weight) = (FromMs, Start, 0L);
            var whole = Math.Max(1, known.WeightOf(plan, FromMs, ToMs));
            while (at < ToMs && amount > cost)
            {
                var end = KnownUse.SlotEnd(plan, at, ToMs);
                weight += known.WeightOf(plan, at, end);
                var next = Start + new Money((long)((Int128)(End - Start).Nano * weight / whole));
                if (next > amount)
                {
                    return at + (long)((Int128)(end - at) * (amount - cost).Nano / (next - cost).Nano);
                }

                (at, cost) = (end, next);
            }

            return at;
        }

        private Money At(long weight, DayPlan plan, KnownUse known) =>
            Start + new Money((long)((Int128)(End - Start).Nano * weight / Math.Max(1, known.WeightOf(plan, FromMs, ToMs))));
    }
}
