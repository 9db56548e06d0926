namespace AccountGrid.Domain.Rating;

/// <summary>
/// Levies and taxes by name, as a function of a period's sums. Days from and until lie at borders of periods, so that a period has one set of them. Each tax
/// rounds once, and one that prices include once for each part, half to even at the last decimal; callers book differences of running amounts, so that parts
/// sum to the whole.
/// </summary>
internal sealed class LeviesAndTaxes
{
    private const int Whole = 10_000;

    private readonly Levy[] _levies;
    private readonly Tax[] _taxes;

    /// <summary>Levy that is in the prices of rates, 10^-6 units per kWh.</summary>
    private readonly long _inPrices;

    public LeviesAndTaxes(TariffDefinition definition, Func<string, Price> price)
    {
        _inPrices = price(definition.LevyPerKwh).MicroPerKwh;
        _levies = [.. definition.Levies.Select(l =>
            new Levy(l.Name, price(l.PerKwh).MicroPerKwh, l.AboveWh, l.UpToWh ?? long.MaxValue, Days.Of(l.From, l.Until)))];
        var all = definition.Taxes.Select(t => new Tax(t.Name, t.BasisPoints, t.Included, PartsOf(t.On), Days.Of(t.From, t.Until)));
        _taxes = [.. definition.TaxBasisPoints == 0 ? all : all.Append(new Tax("", definition.TaxBasisPoints, false, Parts.All, Days.Of(null, null)))];
    }

    [Flags]
    private enum Parts
    {
        Energy = 1,
        Standing = 2,
        Levies = 4,
        All = 7,
    }

    /// <summary>Amounts that <see cref="Charge"/> fills in.</summary>
    public int Count => _levies.Length + _taxes.Length;

    /// <summary>All levies together, 10^-6 units per kWh.</summary>
    public long DearestMicro => _levies.Sum(l => l.MicroPerKwh);

    /// <summary>The parts that a tax may be on, as the definition names them.</summary>
    public static bool IsPart(string name) => name is "energy" or "standing" or "levies";

    /// <summary>What levies come to, and taxes that are added.</summary>
    /// <param name="energy">Energy by rate and tiers of the period.</param>
    /// <param name="own">The period's energy.</param>
    /// <param name="before">Energy of the same calendar period under earlier versions.</param>
    /// <param name="day">Any local day of the period.</param>
    /// <param name="amounts">Filled in: levies, then taxes, in the tariff's order.</param>
    public (WideMoney Levies, WideMoney Taxes) Charge(WideMoney energy, WideMoney standing, Energy own, Energy before, int day, Span<WideMoney> amounts)
    {
        var levies = WideMoney.Zero;
        for (var i = 0; i < _levies.Length; i++)
        {
            amounts[i] = _levies[i].Days.Has(day) ? _levies[i].Of(before + own) - _levies[i].Of(before) : WideMoney.Zero;
            levies += amounts[i];
        }

        var inPrices = WideMoney.Product(own.Wh, _inPrices);
        Span<WideMoney> parts = [energy - inPrices, standing, levies + inPrices];
        Span<WideMoney> net = [parts[0], parts[1], parts[2]];
        var taxes = WideMoney.Zero;
        foreach (var isIncluded in (ReadOnlySpan<bool>)[true, false])
        {
            for (var i = 0; i < _taxes.Length; i++)
            {
                if (_taxes[i].IsIncluded == isIncluded)
                {
                    ref var amount = ref amounts[_levies.Length + i];
                    amount = !_taxes[i].Days.Has(day) ? WideMoney.Zero : isIncluded ? Included(_taxes[i], parts, net, day) : Added(_taxes[i], net);
                    taxes += isIncluded ? WideMoney.Zero : amount;
                }
            }
        }

        return (levies, taxes);
    }

    /// <summary>The amounts that <see cref="Charge"/> filled in, with their names; the tax without a name is none of them.</summary>
    public NamedAmounts? NamesOf(ReadOnlySpan<WideMoney> amounts)
    {
        var named = new List<NamedAmount>(Count);
        for (var i = 0; i < Count; i++)
        {
            if (i < _levies.Length)
            {
                named.Add(new NamedAmount(AmountKind.Levy, _levies[i].Name, amounts[i]));
            }
            else if (_taxes[i - _levies.Length] is { Name.Length: > 0 } tax)
            {
                named.Add(new NamedAmount(tax.IsIncluded ? AmountKind.IncludedTax : AmountKind.Tax, tax.Name, amounts[i]));
            }
        }

        return NamedAmounts.Of(named);
    }

    /// <summary>What of prices an included tax is, and takes it off them.</summary>
    private WideMoney Included(in Tax tax, ReadOnlySpan<WideMoney> parts, Span<WideMoney> net, int day)
    {
        var sum = WideMoney.Zero;
        for (var part = 0; part < parts.Length; part++)
        {
            if (tax.IsOn(part))
            {
                var together = Whole;
                foreach (var other in _taxes)
                {
                    together += other.IsIncluded && other.IsOn(part) && other.Days.Has(day) ? other.BasisPoints : 0;
                }

                var amount = parts[part].Share(tax.BasisPoints, together);
                net[part] -= amount;
                sum += amount;
            }
        }

        return sum;
    }

    private static WideMoney Added(in Tax tax, ReadOnlySpan<WideMoney> net)
    {
        var sum = WideMoney.Zero;
        for (var part = 0; part < net.Length; part++)
        {
            sum += tax.IsOn(part) ? net[part] : WideMoney.Zero;
        }

        return sum.Percentage(tax.BasisPoints);
    }

    private static Parts PartsOf(IReadOnlyList<string> names) => names.Count == 0
        ? Parts.All
        : names.Aggregate((Parts)0, (parts, name) => parts | (name switch { "energy" => Parts.Energy, "standing" => Parts.Standing, _ => Parts.Levies }));

    private readonly record struct Days(int From, int Until)
    {
        public static Days Of(DateOnly? from, DateOnly? until) => new(from?.DayNumber ?? int.MinValue, until?.DayNumber ?? int.MaxValue);

        public bool Has(int day) => day >= From && day <= Until;
    }

    private readonly record struct Levy(string Name, long MicroPerKwh, long AboveWh, long UpToWh, Days Days)
    {
        /// <summary>On a period's energy; zero for no energy. Piecewise linear, as tiers are.</summary>
        public WideMoney Of(Energy energy) => WideMoney.Product(Math.Max(0, Math.Min(energy.Wh, UpToWh) - AboveWh), MicroPerKwh);
    }

    private readonly record struct Tax(string Name, int BasisPoints, bool IsIncluded, Parts Parts, Days Days)
    {
        /// <param name="part">0 energy, 1 standing charge, 2 levies.</param>
        public bool IsOn(int part) => ((int)Parts & (1 << part)) != 0;
    }
}
