using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Rating;

/// <summary>
/// Tariffs to try the grid with, one of each kind, in yuan and Beijing time. Tier borders and surcharges are Beijing's (240 and 400 kWh a month, +0.05 and
/// +0.30 yuan); peak to valley is 4:1 with a sharp rate 20 % above peak, as the national rule of 2021 asks for at least. Base prices are round figures.
/// </summary>
public static class ExampleTariffs
{
    public static IReadOnlyList<TariffDefinition> All { get; } = [Flat(), Tiered(), TimeOfUse(), TimeOfUseTiered(), Seasonal()];

    private static TariffDefinition Of(string id, params RateDefinition[] rates) => new() { Id = id, Currency = "CNY", Zone = "Asia/Shanghai", Rates = rates };

    private static TariffDefinition Flat() => Of("demo-flat", new RateDefinition("flat", "0.50"));

    private static TariffDefinition Tiered() => Of("demo-tiered", new RateDefinition("flat", "0.4883")) with { Tiers = BeijingTiers() };

    private static TariffDefinition TimeOfUse() => Of(
        "demo-tou", new("flat", "0.50"), new("peak", "0.80"), new("valley", "0.20")) with
    {
        LevyPerKwh = "0.027",
        TaxBasisPoints = 1300,
        Schedule =
        [
            new RateRule { Rate = "valley", From = "23:00", To = "07:00" },
            new RateRule { Rate = "peak", From = "10:00", To = "15:00" },
            new RateRule { Rate = "peak", From = "18:00", To = "21:00" },
        ],
    };

    private static TariffDefinition TimeOfUseTiered() => TimeOfUse() with { Id = "demo-tou-tiered", Tiers = BeijingTiers() };

    private static TariffDefinition Seasonal() => Of(
        "demo-seasonal", new("flat", "0.50"), new("sharp", "0.96"), new("peak", "0.80"), new("valley", "0.20"), new("holiday", "0.10")) with
    {
        Tiers = new TierDefinition { Per = "year", Steps = [new TierStep(2_160_000, "0.05"), new TierStep(4_200_000, "0.30")] },
        Calendar = new CalendarDefinition { Holidays = [new DateOnly(2018, 10, 1), new DateOnly(2018, 11, 11)], MovedWorkdays = [new DateOnly(2018, 11, 17)] },
        Schedule =
        [
            new RateRule { Rate = "holiday", Days = ["holiday"] },
            new RateRule { Rate = "valley", Days = ["weekend"] },
            new RateRule { Rate = "valley", From = "23:00", To = "07:00" },
            new RateRule { Rate = "sharp", From = "18:00", To = "20:00", SeasonFrom = "12-01", SeasonTo = "01-31" },
            new RateRule { Rate = "peak", From = "17:00", To = "21:00" },
        ],
    };

    private static TierDefinition BeijingTiers() => new() { Per = "month", Steps = [new TierStep(240_000, "0.05"), new TierStep(400_000, "0.30")] };
}
