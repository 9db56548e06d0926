namespace AccountGrid.Domain.Rating;

/// <summary>What a tariff gives for exported energy, as pure functions of a period's sums.</summary>
public sealed class ExportTerms
{
    private readonly ExportDefinition _definition;

    /// <summary>Price of the feed-in tariff by rate, 10^-6 units per kWh; null under net metering.</summary>
    private readonly long[]? _feedIn;

    /// <summary>Price of what is netted by rate: the rate's without levy, 10^-6 units per kWh.</summary>
    private readonly long[] _netted;

    /// <param name="definition">One that <see cref="ExportCheck"/> accepted.</param>
    internal ExportTerms(TariffDefinition definition)
    {
        _definition = definition.Export!;
        _netted = [.. definition.Rates.Select(r => Micro(r.PricePerKwh))];
        if (_definition.FeedIn is { } feedIn)
        {
            _feedIn = [.. definition.Rates.Select(r => Micro(feedIn.Prices.GetValueOrDefault(r.Name, feedIn.PricePerKwh)))];
        }
        else
        {
            RestMicro = Micro(_definition.NetMetering!.RestPricePerKwh);
            Netting = _definition.NetMetering.Per switch { "value" => Netting.ByValue, "total" => Netting.ByTotal, _ => Netting.ByRate };
        }
    }

    /// <summary>Whether export is taken off import, so that imported energy by rate must be known.</summary>
    public bool IsNet => _feedIn is null;

    public Netting Netting { get; }

    /// <summary>What is paid for a settled kWh, 10^-6 units.</summary>
    public long RestMicro { get; }

    /// <summary>What an exported kWh can be worth, with its taxes and with what it displaces, 10^-6 units: it bounds what a difference may have.</summary>
    public long DearestMicro => 2 * Math.Max(RestMicro, (_feedIn ?? _netted).Max(Math.Abs));

    /// <summary>Price of what is netted, 10^-6 units per kWh.</summary>
    public long NettedMicro(int rate) => _netted[rate];

    /// <summary>Price of the feed-in tariff, 10^-6 units per kWh; 0 under net metering.</summary>
    public long FeedInMicro(int rate) => _feedIn?[rate] ?? 0;

    /// <summary>What exported energy brings in a period.</summary>
    internal ExportAmounts Of(RateSums? sums, in NetTerms terms)
    {
        if (!IsNet)
        {
            var credit = WorthOf(sums?.ExportedWh, _feedIn!);
            return new(default, default, credit, TaxesOn(credit).Aggregate(WideMoney.Zero, (sum, t) => sum + t.Amount));
        }

        var net = Net(sums, terms);
        return new(net.Netted, WideMoney.Product(net.RestWh, RestMicro), default, default);
    }

    /// <summary>Taxes of the feed-in tariff on what it credits in a period: above zero what is paid with it, below what is withheld.</summary>
    public NamedAmounts? TaxesOf(RateSums? sums) =>
        IsNet || sums is null ? null : NamedAmounts.Of(TaxesOn(WorthOf(sums.ExportedWh, _feedIn!)));

    /// <summary>What of a period's export is taken off its import.</summary>
    public NetResult Net(RateSums? sums, in NetTerms terms) => Netting == Netting.ByValue ? NetValue(sums, terms) : NetEnergy(sums, terms);

    /// <summary>Whether a settlement lies behind a local day and at or before the begin of another.</summary>
    public bool SettlesBetween(int startDay, int reachDay)
    {
        var end = DateOnly.FromDayNumber(startDay);
        end = new DateOnly(end.Year, end.Month, 1).AddMonths(1);
        for (; end.DayNumber <= reachDay; end = end.AddMonths(1))
        {
            if (_definition.NetMetering!.SettledAfter.Contains(end.AddDays(-1).Month))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether what a period leaves under one tariff is carried into a period under another: versions of one product that net alike, of which the later one
    /// has all rates of the earlier.
    /// </summary>
    public static bool Continues(Tariff from, Tariff to) => from == to || (from.Export is { IsNet: true } a && to.Export is { IsNet: true } b
        && from.Definition.Id == to.Definition.Id && from.Tiers.PerYear == to.Tiers.PerYear && a.Netting == b.Netting
        && (a.Netting != Netting.ByRate || from.Definition.Rates.All(r => IndexIn(to, r.Name) >= 0)));

    /// <summary>What is carried, in the order of the rates of the tariff that goes on with it.</summary>
    public static long[]? Carry(long[]? left, Tariff from, Tariff to)
    {
        if (left is null || from == to || from.Export!.Netting != Netting.ByRate)
        {
            return left;
        }

        var carried = new long[to.RateCount];
        for (var rate = 0; rate < left.Length; rate++)
        {
            carried[IndexIn(to, from.Definition.Rates[rate].Name)] = left[rate];
        }

        return carried;
    }

    /// <summary>kWh against kWh, by rate or all together.</summary>
    private NetResult NetEnergy(RateSums? sums, in NetTerms terms)
    {
        var (rates, isTotal) = (_netted.Length, Netting == Netting.ByTotal);
        var left = new long[isTotal ? 1 : rates];
        for (var i = 0; i < left.Length; i++)
        {
            left[i] = checked((sums is null ? 0 : isTotal ? sums.ExportedWh.Sum() : sums.ExportedWh[i]) + (terms.Carried?[i] ?? 0));
        }

        var netted = new long[rates];
        for (var rate = 0; rate < rates; rate++)
        {
            ref var available = ref left[isTotal ? 0 : rate];
            netted[rate] = Math.Max(0, Math.Min(sums?.ImportedWh[rate] ?? 0, available));
            available -= netted[rate];
        }

        var rest = left.Sum();
        return new(netted, WorthOf(netted, _netted), rest == 0 || terms.Settles ? null : left, terms.Settles ? rest : 0, WideMoney.Zero);
    }

    /// <summary>Worth against worth: what is left is carried as money, and expires at a settlement, which pays for kWh exported beyond imported ones.</summary>
    private NetResult NetValue(RateSums? sums, in NetTerms terms)
    {
        var worth = WorthOf(sums?.ExportedWh, _netted) + new WideMoney(terms.Carried?[0] ?? 0);
        var cost = WorthOf(sums?.ImportedWh, _netted);
        var netted = worth < cost ? worth : cost;

        // A billion at most: what is carried stays within the range of Money.
        var left = worth - netted is var all && all.Nano > Limits.DifferenceMaxNano ? new(Limits.DifferenceMaxNano) : all;
        var surplus = checked((sums is null ? 0 : sums.ExportedWh.Sum() - sums.ImportedWh.Sum()) + (terms.Carried?[1] ?? 0));
        var isNothing = left == WideMoney.Zero && surplus == 0;
        return terms.Settles
            ? new([], netted, null, Math.Max(0, surplus), WideMoney.Zero)
            : new([], netted, isNothing ? null : [left.ToMoney().Nano, surplus], 0, left);
    }

    private IEnumerable<NamedAmount> TaxesOn(WideMoney credit) => _definition.FeedIn!.Taxes.Select(
        t => new NamedAmount(AmountKind.ExportTax, t.Name, t.Withheld ? -credit.Percentage(t.BasisPoints) : credit.Percentage(t.BasisPoints)));

    private static WideMoney WorthOf(IReadOnlyList<long>? wh, long[] prices)
    {
        var worth = WideMoney.Zero;
        for (var rate = 0; rate < wh?.Count; rate++)
        {
            worth += WideMoney.Product(wh[rate], prices[rate]);
        }

        return worth;
    }

    private static int IndexIn(Tariff tariff, string rate) => tariff.Definition.Rates.ToList().FindIndex(r => r.Name == rate);

    private static long Micro(string price) => TariffCompiler.RateOf(price)!.Value.MicroPerKwh;
}
