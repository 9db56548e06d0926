namespace AccountGrid.LoadTest.Fleet;

/// <summary>
/// The tariff that a run puts its accounts on, with a second calculation of what it costs, in decimals and from this file alone: the books at the end do
/// not take the grid's word. Beijing time, no daylight saving: the hour of the day decides the rate.
/// </summary>
public sealed record LoadTariff(string Id, string[] Names, decimal[] PricePerKwh, int[] RateOfHour, (long AboveWh, decimal Adder)[] Tiers, int TaxBasisPoints)
{
    private const int ZoneHours = 8;

    public static LoadTariff Flat { get; } = new("load-flat", ["flat"], [0.50m], new int[24], [], 0);

    /// <summary>Three rates by the hour, monthly tiers, and tax.</summary>
    public static LoadTariff TimeOfUse { get; } = new(
        "load-tou", ["flat", "peak", "valley"], [0.50m, 0.80m, 0.20m],
        [2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 2], [(240_000, 0.05m), (400_000, 0.30m)], 1300);

    public static LoadTariff? Find(string name) => name switch { "flat" => Flat, "tou" => TimeOfUse, _ => null };

    public int Rates => Names.Length;

    /// <summary>Rate of an interval that begins at an instant, UTC ms.</summary>
    public int RateAt(long startMs) => RateOfHour[HourOf(startMs)];

    /// <summary>Hour of the local day, 0 to 23.</summary>
    public static int HourOf(long ms) => (int)((ms / 3_600_000 + ZoneHours) % 24);

    /// <summary>The local month, counted.</summary>
    public static int MonthOf(long ms)
    {
        var local = DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromHours(ZoneHours));
        return (local.Year * 12) + local.Month;
    }

    /// <summary>What a month's energy by rate costs, to nine decimals.</summary>
    public decimal Charge(ReadOnlySpan<int> rateWh)
    {
        decimal money = 0;
        long total = 0;
        for (var i = 0; i < rateWh.Length; i++)
        {
            money += PricePerKwh[i] * rateWh[i] / 1000m;
            total += rateWh[i];
        }

        foreach (var (above, adder) in Tiers)
        {
            money += Math.Max(0, total - above) * (adder - AdderBelow(above)) / 1000m;
        }

        return money + Math.Round(money * TaxBasisPoints / 10_000m, 9, MidpointRounding.ToEven);
    }

    private decimal AdderBelow(long above) => Tiers.Where(t => t.AboveWh < above).Select(t => t.Adder).LastOrDefault();

    /// <summary>The same as the API takes it.</summary>
    public Domain.Rating.TariffDefinition Definition() => new()
    {
        Id = Id,
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        TaxBasisPoints = TaxBasisPoints,
        Rates = [.. Names.Select((n, i) => new Domain.Rating.RateDefinition(n, PricePerKwh[i].ToString(System.Globalization.CultureInfo.InvariantCulture)))],
        Schedule = Rates == 1
            ? []
            : [
                .. Enumerable.Range(0, 24).Where(h => RateOfHour[h] != 0)
                    .Select(h => new Domain.Rating.RateRule { Rate = Names[RateOfHour[h]], From = $"{h:00}:00", To = h == 23 ? "24:00" : $"{h + 1:00}:00" })],
        Tiers = Tiers.Length == 0
            ? null
            : new Domain.Rating.TierDefinition
            {
                Per = "month",
                Steps = [.. Tiers.Select(t => new Domain.Rating.TierStep(t.AboveWh, t.Adder.ToString(System.Globalization.CultureInfo.InvariantCulture)))]
            },
    };
}
