using System.Globalization;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Audit;

/// <summary>
/// What exported energy brings, worked out a second time: an account's periods in the order of time, in decimals, with what is left in hand as pools. Takes
/// the definition of a tariff and nothing of the fold's code.
/// </summary>
/// <param name="isClosed">Whether the account is closed, so that nothing is carried any more.</param>
internal sealed class AuditExport(bool isClosed)
{
    private readonly List<Pool> _pools = [];
    private DateOnly _last = DateOnly.MinValue;

    /// <summary>Paid for what settlements found left.</summary>
    public decimal Rest { get; private set; }

    /// <summary>Takes the next period with anything in it.</summary>
    /// <param name="exported">Wh by rate.</param>
    /// <param name="imported">Wh by rate of what export is taken off.</param>
    /// <returns>What imported energy costs less, which taxes are not on, and what is paid beside it.</returns>
    public (decimal Netted, decimal Paid) Take(DateOnly start, TariffDefinition tariff, long[] exported, long[] imported)
    {
        _last = start > _last ? start : _last;
        SettleThrough(start, p => Fits(p.Tariff, tariff));
        if (tariff.Export?.FeedIn is { } feedIn)
        {
            var credit = tariff.Rates.Select(
                (r, i) => exported[i] * Decimal(feedIn.Prices.TryGetValue(r.Name, out var own) ? own : feedIn.PricePerKwh) / 1000m).Sum();
            return (0, credit + feedIn.Taxes.Sum(t => (t.Withheld ? -1 : 1) * Math.Round(credit * t.BasisPoints / 10_000m, 9, MidpointRounding.ToEven)));
        }

        if (tariff.Export?.NetMetering is not { } terms)
        {
            return (0, 0);
        }

        var before = _pools.FindAll(p => Fits(p.Tariff, tariff));
        _pools.RemoveAll(before.Contains);
        var pool = new Pool(start, tariff) { Money = before.Sum(p => p.Money), Surplus = before.Sum(p => p.Surplus) };
        foreach (var (i, rate) in tariff.Rates.Index())
        {
            pool.Wh[terms.Per == "rate" ? rate.Name : ""] = before.Sum(p => p.Wh.GetValueOrDefault(terms.Per == "rate" ? rate.Name : ""))
                + (terms.Per == "rate" ? exported[i] : exported.Sum());
        }

        _pools.Add(pool);
        return (terms.Per == "value" ? NetWorth(pool, exported, imported) : NetEnergy(pool, imported, terms.Per), 0);
    }

    /// <summary>Settles what is left where its date has passed by the account's last period.</summary>
    public decimal End()
    {
        SettleThrough(_last, _ => true);
        if (isClosed)
        {
            _pools.ForEach(p => Rest += p.Worth);
            _pools.Clear();
        }

        return Rest;
    }

    private void SettleThrough(DateOnly day, Func<Pool, bool> which)
    {
        foreach (var pool in _pools.FindAll(p => which(p) && p.IsSettledBy(day)))
        {
            Rest += pool.Worth;
            _pools.Remove(pool);
        }
    }

    private static decimal NetEnergy(Pool pool, long[] imported, string per)
    {
        var netted = 0m;
        foreach (var (i, rate) in pool.Tariff.Rates.Index())
        {
            var name = per == "rate" ? rate.Name : "";
            var wh = Math.Min(imported[i], pool.Wh[name]);
            pool.Wh[name] -= wh;
            netted += wh * Decimal(rate.PricePerKwh) / 1000m;
        }

        return netted;
    }

    private static decimal NetWorth(Pool pool, long[] exported, long[] imported)
    {
        decimal Worth(long[] wh) => pool.Tariff.Rates.Select((r, i) => wh[i] * Decimal(r.PricePerKwh) / 1000m).Sum();
        pool.Money += Worth(exported);
        pool.Surplus += exported.Sum() - imported.Sum();
        var netted = Math.Min(pool.Money, Worth(imported));
        pool.Money = Math.Min(1_000_000_000, pool.Money - netted);
        return netted;
    }

    /// <summary>Whether what was left under one version is used under another.</summary>
    private static bool Fits(TariffDefinition from, TariffDefinition to) => from.Id == to.Id && to.Export?.NetMetering is { } net
        && net.Per == from.Export!.NetMetering!.Per && (from.Tiers?.Per == "year") == (to.Tiers?.Per == "year")
        && (net.Per != "rate" || from.Rates.All(r => to.Rates.Any(t => t.Name == r.Name)));

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Pool(DateOnly start, TariffDefinition tariff)
    {
        public TariffDefinition Tariff => tariff;

        public Dictionary<string, long> Wh { get; } = [];

        public decimal Money { get; set; }

        public long Surplus { get; set; }

        private NetMeteringDefinition Terms => tariff.Export!.NetMetering!;

        /// <summary>What a settlement pays.</summary>
        public decimal Worth => Math.Max(0, Terms.Per == "value" ? Surplus : Wh.Values.Sum()) * Decimal(Terms.RestPricePerKwh) / 1000m;

        public bool IsSettledBy(DateOnly day) => Enumerable.Range(start.DayNumber + 1, Math.Max(0, day.DayNumber - start.DayNumber))
            .Select(DateOnly.FromDayNumber).Any(d => d.Day == 1 && Terms.SettledAfter.Contains(d.AddDays(-1).Month));
    }
}
