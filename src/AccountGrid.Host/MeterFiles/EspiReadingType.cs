using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// What a Green Button ReadingType (NAESB REQ.21) says of values: Wh are uom 72, electricity is commodity 1 or 2, energy is kind 12, flow 1 is import and 19
/// export; tou 1 to 4 are rates; accumulation 4 (deltaData) is the energy of an interval, 1, 3 and 9 are registers. What is not said is not against it.
/// </summary>
internal sealed class EspiReadingType
{
    private const int MultiplierMax = 9;

    private int? _accumulation;
    private int? _commodity;
    private int? _flow;
    private int? _kind;
    private int? _tou;
    private int? _uom;
    private int _multiplier;

    /// <summary>Whether it is active energy of one register; else it is passed over.</summary>
    public bool IsEnergy => _uom == 72 && _commodity is null or 0 or 1 or 2 && _kind is null or 0 or 12 && _flow is null or 0 or 1 or 19
        && (_tou ?? 0) is >= 0 and <= RegisterCodes.RatesMax && (_flow != 19 || (_tou ?? 0) == 0)
        && _accumulation is null or 0 or 1 or 3 or 4 or 9;

    public bool IsInterval => _accumulation is null or 0 or 4;

    public RegisterKind Register => _flow == 19 ? RegisterKind.Export : (RegisterKind)(_tou ?? 0);

    /// <summary>Milliwatt-hours of one unit of a value.</summary>
    public decimal MilliWh => CimReadingType.PowerOfTen(_multiplier) * 1_000m;

    public int PowerOfTenMultiplier => _multiplier;

    public override string ToString() => $"uom {_uom}, commodity {_commodity}, kind {_kind}, flow {_flow}, accumulation {_accumulation}, tou {_tou}";

    /// <summary>Takes one of its elements. Null where it is right, else what would be.</summary>
    public string? Take(string name, string text)
    {
        if (name is not ("accumulationBehaviour" or "commodity" or "flowDirection" or "kind" or "tou" or "uom" or "powerOfTenMultiplier"))
        {
            return null;
        }

        if (!int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number)
            || (name == "powerOfTenMultiplier" && Math.Abs(number) > MultiplierMax))
        {
            return name == "powerOfTenMultiplier" ? $"a whole number from -{MultiplierMax} to {MultiplierMax}" : "a whole number";
        }

        _accumulation = name == "accumulationBehaviour" ? number : _accumulation;
        _commodity = name == "commodity" ? number : _commodity;
        _flow = name == "flowDirection" ? number : _flow;
        _kind = name == "kind" ? number : _kind;
        _tou = name == "tou" ? number : _tou;
        _uom = name == "uom" ? number : _uom;
        _multiplier = name == "powerOfTenMultiplier" ? number : _multiplier;
        return null;
    }
}
