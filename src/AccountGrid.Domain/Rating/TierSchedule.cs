namespace AccountGrid.Domain.Rating;

/// <summary>Tier surcharges as a function of a period's energy, and of the household.</summary>
public sealed class TierSchedule
{
    private readonly long[] _aboveWh;
    private readonly Price[] _adders;
    private readonly int _householdBase;
    private readonly long _extraWhPerPerson;
    private readonly long _freeWh;
    private readonly Price _freePrice;

    internal TierSchedule(bool perYear, long[] aboveWh, Price[] adders, int householdBase, long extraWhPerPerson, long freeWh, Price freePrice)
    {
        PerYear = perYear;
        _aboveWh = aboveWh;
        _adders = adders;
        _householdBase = householdBase;
        _extraWhPerPerson = extraWhPerPerson;
        _freeWh = freeWh;
        _freePrice = freePrice;
    }

    public static TierSchedule None { get; } = new(false, [], [], 0, 0, 0, default);

    /// <summary>Counts per calendar year instead of per month.</summary>
    public bool PerYear { get; }

    public bool Any => _aboveWh.Length > 0 || _freeWh > 0;

    public int Count => _aboveWh.Length;

    /// <summary>Where step <paramref name="index"/> begins for a household, Wh of the period.</summary>
    public long AboveWh(int index, Household household) => _aboveWh[index] + ExtraWh(household);

    public Price Adder(int index) => _adders[index];

    /// <summary>
    /// Surcharge of a period in which so much energy was used; zero for no energy. Piecewise linear, so T(a+b) − T(a) is what b costs
    /// on top of a, and any split of a period sums to the same.
    /// </summary>
    public WideMoney Surcharge(Energy energy, Household household)
    {
        Int128 nano = 0;
        var wh = Math.Max(0, energy.Wh);
        var extra = ExtraWh(household);
        for (var i = 0; i < _aboveWh.Length; i++)
        {
            var from = _aboveWh[i] + extra;
            if (wh <= from)
            {
                break;
            }

            var to = i + 1 < _aboveWh.Length ? Math.Min(wh, _aboveWh[i + 1] + extra) : wh;
            nano += WideMoney.Product(to - from, _adders[i].MicroPerKwh).Nano;
        }

        if (household.Protected && _freeWh > 0)
        {
            nano -= WideMoney.Product(Math.Min(wh, _freeWh), _freePrice.MicroPerKwh).Nano;
        }

        return new(nano);
    }

    private long ExtraWh(Household household) =>
        _householdBase > 0 && household.Size > _householdBase ? (household.Size - _householdBase) * _extraWhPerPerson : 0;
}
