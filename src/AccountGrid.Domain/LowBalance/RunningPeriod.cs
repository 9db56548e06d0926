using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// The tier and tax period that a forecast day lies in: what it had so far, and what it gains day by day. Begins anew with each period and tariff version.
/// </summary>
internal struct RunningPeriod
{
    private int _startDay;
    private Sums _sums;

    /// <summary>
    /// Energy of the last month and of the last year under earlier versions with tiers of that kind: the two are counted apart, as in
    /// <see cref="AccountState.EnergyBefore"/>.
    /// </summary>
    private (int StartDay, Energy Energy) _month;
    private (int StartDay, Energy Energy) _year;

    public Tariff Tariff { get; private set; }

    /// <summary>The period that an account is in on a day, with what is charged of it.</summary>
    /// <param name="asOfMs">Price changes count that were known then, UTC ms.</param>
    public static RunningPeriod Of(AccountState account, int day, long asOfMs)
    {
        var tariff = account.TariffOf(day, asOfMs);
        var period = new RunningPeriod { Tariff = tariff, _startDay = tariff.PeriodStartOf(day) };
        foreach (var known in account.Periods)
        {
            if (known.StartDay == period._startDay && known.Tariff == tariff.Number)
            {
                period._sums = known.Live;
                break;
            }

            period.Count(account.TariffByNumber(known.Tariff).Tiers.PerYear, known.StartDay, known.Live.Energy);
        }

        return period;
    }

    /// <summary>Goes on to a day: nothing changes within a period and version.</summary>
    /// <inheritdoc cref="Of" path="/param[@name='asOfMs']"/>
    public void MoveTo(AccountState account, int day, long asOfMs)
    {
        var tariff = account.TariffOf(day, asOfMs);
        var start = tariff.PeriodStartOf(day);
        if (tariff != Tariff || start != _startDay)
        {
            Count(Tariff.Tiers.PerYear, _startDay, _sums.Energy);
            (Tariff, _startDay, _sums) = (tariff, start, default);
        }
    }

    /// <inheritdoc cref="Of" path="/param[@name='asOfMs']"/>
    /// <summary>Adds a day, and says what it costs: its standing charge, and all else with tiers and tax.</summary>
    /// <param name="day">The local day.</param>
    public (WideMoney Standing, WideMoney Energy) Add(
        AccountState account, int day, long wh, Money atRates, bool isStandingDue, long asOfMs)
    {
        var before = Charge(account, asOfMs);
        if (isStandingDue)
        {
            _sums = _sums with
            {
                StandingDays = _sums.StandingDays + 1,
                TwoPart = Tariff.TwoPart is { CountsDays: true } ? TwoPartSums.AddDays(_sums.TwoPart, 1, account.ContractedOn(day, Tariff)) : _sums.TwoPart,
            };
        }

        var standing = Charge(account, asOfMs);
        _sums = _sums with { Energy = _sums.Energy + new Energy(wh), Base = _sums.Base + atRates };
        return (standing - before, Charge(account, asOfMs) - standing);
    }

    private void Count(bool perYear, int startDay, Energy energy)
    {
        ref var counted = ref perYear ? ref _year : ref _month;
        counted = (startDay, counted.StartDay == startDay ? counted.Energy + energy : energy);
    }

    private readonly WideMoney Charge(AccountState account, long asOfMs)
    {
        var (startDay, energy) = Tariff.Tiers.PerYear ? _year : _month;
        return ChargePeriod.TotalOf(_sums, Tariff, account.TermsOf(_startDay, Tariff, asOfMs), startDay == _startDay ? energy : Energy.Zero);
    }
}
