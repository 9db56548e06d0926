using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>
/// Sums the energy of a bill's days by tariff and rate. Of a tariff that follows a price series what follows it is summed apart, with the energy whose price
/// was missing by itself.
/// </summary>
internal sealed class BillEnergySums(TariffCatalog tariffs)
{
    private readonly SortedDictionary<(int Tariff, int Rate), long> _rates = [];
    private readonly SortedDictionary<(int Tariff, bool IsAverage), (long Wh, WideMoney Amount)> _followed = [];

    /// <summary>Adds energy at a rate of a tariff that follows no series.</summary>
    public void AddRate(int number, int rate, long wh) => _rates[(number, rate)] = _rates.GetValueOrDefault((number, rate)) + wh;

    /// <summary>Adds a day of a tariff that follows a series.</summary>
    /// <param name="rateWh">Energy by interval, Wh.</param>
    /// <param name="through">The publication that the day's prices count through.</param>
    public void AddDay(int number, int day, long[] rateWh, int through)
    {
        var tariff = tariffs.Get(number);
        var publications = tariff.Series!.DayOf(day, through).Publications;
        for (var rate = 0; rate < rateWh.Length; rate++)
        {
            if (rateWh[rate] == 0)
            {
                continue;
            }

            AddRate(number, tariff.RateIndexOf(day, rate), rateWh[rate]);
            var (wh, amount) = _followed.GetValueOrDefault((number, publications[rate] == 0));
            _followed[(number, publications[rate] == 0)] =
                (wh + rateWh[rate], amount + (tariff.FollowingPriceOf(day, rate, through) * new Energy(rateWh[rate])));
        }
    }

    /// <summary>Rates first, then what follows a series. A rate without a price beside a series is not said.</summary>
    public List<BillEnergy> ToEnergy(Func<Tariff, int?> taxOf)
    {
        var energy = new List<BillEnergy>();
        foreach (var ((number, rate), wh) in _rates)
        {
            var tariff = tariffs.Get(number);
            var levy = Money.TryParse(tariff.Definition.LevyPerKwh, out var perKwh) ? new Price(perKwh.Nano / 1000) : default;
            var price = new Price(tariff.PriceOf(rate).MicroPerKwh - levy.MicroPerKwh);
            if (wh != 0 && !(tariff.IsDynamic && price == default && levy == default))
            {
                energy.Add(new BillEnergy(tariff.Definition.Rates[rate].Name, wh, price, levy, taxOf(tariff)));
            }
        }

        energy.AddRange(_followed.Select(f => new BillEnergy(
            tariffs.Get(f.Key.Tariff).Series!.Definition.Id, f.Value.Wh, default, default, taxOf(tariffs.Get(f.Key.Tariff)), f.Value.Amount, f.Key.IsAverage)));
        return energy;
    }
}
