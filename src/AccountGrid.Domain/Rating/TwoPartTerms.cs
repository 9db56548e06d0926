namespace AccountGrid.Domain.Rating;

/// <summary>
/// Capacity or demand charge and adjustment by power factor of a tariff version, as pure functions of a period's sums. What rounds does so once, half to
/// even at 10^-9 units; callers book differences, so parts sum to the whole.
/// </summary>
public sealed class TwoPartTerms
{
    private const long MilliPerUnit = 1_000;

    /// <summary>Hundredths of a percent.</summary>
    private const int Whole = 10_000;

    private readonly long _priceNano;
    private readonly int _minimumPercent;
    private readonly int _abovePercent;
    private readonly int _factorHundredths = 100;
    private readonly bool _isByThirtieths;
    private readonly long _levyMicro;
    private readonly (int From, int BasisPoints)[]? _steps;
    private readonly bool _isOnEnergy;
    private readonly bool _isOnCapacity;
    private readonly bool _isOnStanding;

    /// <param name="d">One that <see cref="TwoPartCheck"/> accepted, with a capacity charge, a demand charge or a power factor.</param>
    internal TwoPartTerms(TariffDefinition d)
    {
        _levyMicro = TariffCompiler.PriceOf(d.LevyPerKwh)!.Value.MicroPerKwh;
        if ((d.Capacity?.PricePerMonth ?? d.Demand?.PricePerMonth) is { } price)
        {
            (_priceNano, CountsDays) = (TariffCompiler.PriceOf(price)!.Value.MicroPerKwh * 1_000, true);
            Unit = d.Capacity is { Unit: "kVA" } ? CapacityUnit.Kva : CapacityUnit.Kw;
        }

        _isByThirtieths = (d.Capacity?.PartOfMonth ?? d.Demand?.PartOfMonth) == "thirtieths";
        if (d.Demand is { } demand)
        {
            IntervalMs = demand.IntervalMinutes * 60_000L;
            _minimumPercent = demand.MinimumPercent;
            _abovePercent = demand.SurchargeAbovePercent ?? 0;
            _factorHundredths = demand.SurchargeAbovePercent is null ? 100 : TwoPartCheck.HundredthsOf(demand.SurchargeFactor)!.Value;
        }

        if (d.PowerFactor is { } factor)
        {
            _steps = [.. factor.Steps.Select(s => (TwoPartCheck.HundredthsOf(s.From)!.Value, s.BasisPoints)).OrderByDescending(s => s.Value)];
            (_isOnEnergy, _isOnCapacity, _isOnStanding) = (factor.On.Contains("energy"), factor.On.Contains("capacity"), factor.On.Contains("standing"));
        }
    }

    /// <summary>Whether days and contracted capacity are counted: there is a capacity or a demand charge.</summary>
    public bool CountsDays { get; }

    /// <summary>What its capacity or demand charge is counted in; any where there is none.</summary>
    public CapacityUnit Unit { get; }

    /// <summary>Length of the intervals of which the highest counts, ms; 0 where demand is not charged.</summary>
    public long IntervalMs { get; }

    public bool IsByDemand => IntervalMs > 0;

    public bool HasPowerFactor => _steps is not null;

    /// <summary>What one Wh within an interval can cost as demand, 10^-6 units per kWh: it bounds what a difference may have.</summary>
    internal long DearestMicro => IsByDemand ? checked(_priceNano / 1_000 * (3_600_000 / IntervalMs) * _factorHundredths / 100) : 0;

    /// <summary>Whether a contracted capacity costs more in a month than is charged.</summary>
    /// <param name="milli">Thousandths of a kVA or kW.</param>
    internal bool IsAbove(long milli) => (Int128)milli * _priceNano > (Int128)Limits.CapacityChargeMax * Money.NanoPerUnit * MilliPerUnit;

    /// <summary>Hundredths of a percent that a power factor adds to charges.</summary>
    /// <param name="hundredths">The factor in hundredths.</param>
    public int BasisPointsOf(int hundredths) => _steps!.First(s => s.From <= hundredths).BasisPoints;

    /// <summary>What a period comes to. The power factor is on energy of meters that measure 3.8.0, at its rates, without levies.</summary>
    /// <param name="day">Any local day of the period: it says how many days its month has.</param>
    internal TwoPartAmounts Of(TwoPartSums? sums, WideMoney standing, int day)
    {
        var capacity = sums is null || !CountsDays ? WideMoney.Zero : CapacityOf(sums, day);
        if (FactorOf(sums) is not { } factor)
        {
            return new(capacity, default, default);
        }

        var basisPoints = BasisPointsOf(factor);
        var onEnergy = _isOnEnergy ? sums!.AtRates - WideMoney.Product(sums.EnergyWh, _levyMicro) : WideMoney.Zero;
        var onFixed = (_isOnCapacity ? capacity : WideMoney.Zero) + (_isOnStanding ? standing : WideMoney.Zero);
        return new(capacity, onEnergy.Share(basisPoints, Whole), onFixed.Share(basisPoints, Whole));
    }

    /// <summary>A period's power factor in hundredths; null where the tariff asks for none, or no day's active and reactive energy are both known.</summary>
    public int? FactorOf(TwoPartSums? sums) => _steps is null || sums is null ? null : PowerFactors.Of(sums.ActiveWh, sums.ReactiveVarh);

    /// <summary>
    /// By contracted capacity, its price for each day's part of the month. By demand the same of the highest demand, or of a percentage of the contract where
    /// that is more; with what the surcharge adds for the part above its border.
    /// </summary>
    private WideMoney CapacityOf(TwoPartSums sums, int day)
    {
        // What is summed over the days that count, of which all make a month.
        var (part, parts) = PartOf(sums.Days, day);
        if (!IsByDemand)
        {
            return sums.Days == 0 ? WideMoney.Zero : Quotient((Int128)_priceNano * sums.UnitDays * part, (Int128)MilliPerUnit * sums.Days * parts);
        }

        var (demand, contract) = ((Int128)sums.Maximum.W * sums.Days, (Int128)sums.UnitDays);
        var charged = Int128.Max(demand * 100, contract * _minimumPercent) * 100;
        var above = contract > 0 && _factorHundredths > 100 ? Int128.Max(0, (demand * 100) - (contract * _abovePercent)) : 0;
        return sums.Days == 0
            ? WideMoney.Zero
            : Quotient(_priceNano * (charged + (above * (_factorHundredths - 100))) * part, (Int128)MilliPerUnit * 10_000 * sums.Days * parts);
    }

    /// <summary>What of a month days are: a whole month is one, else each is a part of its days, or one thirtieth up to thirty.</summary>
    private (int Part, int Parts) PartOf(int days, int day)
    {
        var date = DateOnly.FromDayNumber(day);
        var all = DateTime.DaysInMonth(date.Year, date.Month);
        return !_isByThirtieths ? (days, all) : days >= all ? (1, 1) : (Math.Min(days, 30), 30);
    }

    private static WideMoney Quotient(Int128 dividend, Int128 divisor)
    {
        var (quotient, rest) = Int128.DivRem(dividend, divisor);
        var twice = rest * 2;
        return new(twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient)) ? quotient + 1 : quotient);
    }
}
