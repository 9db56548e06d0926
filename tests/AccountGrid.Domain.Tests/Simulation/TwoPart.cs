using System.Globalization;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>Two-part tariffs for tests; energy costs nothing where a test does not say otherwise.</summary>
internal static class TwoPart
{
    public static TariffDefinition ByCapacity(string price = "32", string part = "calendar") =>
        Given.Flat("0") with { Capacity = new CapacityDefinition { PricePerMonth = price, PartOfMonth = part } };

    /// <summary>48 per kW, at least 40 % of the contract, twice above 105 %.</summary>
    public static TariffDefinition ByDemand(string zone = "Asia/Shanghai", int interval = 15) => Given.Flat("0", zone) with
    {
        Demand = new DemandDefinition
        {
            PricePerMonth = "48",
            IntervalMinutes = interval,
            MinimumPercent = 40,
            SurchargeAbovePercent = 105,
            SurchargeFactor = "2",
        },
    };

    public static OpenAccount Open(string day, long units, int tariff = 1) => Given.Open(1, day, tariff) with { ContractedMilli = units * 1_000 };

    public static Reading Reactive(int meter, string at, long varh) => new(meter, RegisterKind.Reactive, Given.At(at), varh, ReadingQuality.None, 0);

    /// <summary>
    /// The published table of a standard (功率因数调整电费办法, 1983): below the standard 0.5 % for each hundredth to 0.20 below it, 1 % for each of the next five,
    /// 2 % for each below; above it 0.15 % for each up to 0.75 % at 0.95 by the standard 0.90. By 0.85, 0.1 % for each up to 0.90, then 0.15 % up to 1.10 % at
    /// 0.94; by 0.80, 0.1 % for each up to 0.90, then 0.15 % up to 1.30 % at 0.92.
    /// </summary>
    public static PowerFactorDefinition Published(int standard = 90, params string[] on) => new()
    {
        Standard = Text(standard),
        On = on.Length == 0 ? ["energy", "capacity"] : on,
        Steps =
        [
            .. Enumerable.Range(standard, 7 + (90 - standard)).Select(h => (h, standard switch
            {
                90 => h >= 95 ? -75 : -15 * (h - 90),
                85 => h >= 94 ? -110 : h > 90 ? -50 - (15 * (h - 90)) : -10 * (h - 85),
                _ => h >= 92 ? -130 : h > 90 ? -100 - (15 * (h - 90)) : -10 * (h - 80),
            })).Concat(Enumerable.Range(0, standard).Select(h => (h, (standard - h) switch
            {
                <= 20 and var n => 50 * n,
                <= 25 and var n => 1_000 + (100 * (n - 20)),
                var n => 1_500 + (200 * (n - 25)),
            }))).Select(s => new PowerFactorStep(Text(s.h), s.Item2)),
        ],
    };

    public static string Text(int hundredths) => (hundredths / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Takes the days up to an instant and closes those that are over.</summary>
    public static void Check(FoldHarness grid, string at)
    {
        grid[0].Append(new Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    /// <summary>What the first period is charged.</summary>
    public static string First(FoldHarness grid) => grid.Account(1).Periods[0].Charge.ToString();
}
