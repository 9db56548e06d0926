using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>Tariffs of every structure, for properties that hold under all of them.</summary>
internal static class Structures
{
    public static IReadOnlyList<TariffDefinition> All { get; } = [.. Of("Asia/Shanghai")];

    public static IEnumerable<TariffDefinition> Of(string zone) =>
    [
        // Weekdays and holidays, and tiers by season that grow with the household whatever its size.
        Given.Tou(zone) with
        {
            Id = "seasons",
            Schedule =
            [
                new RateRule { Rate = "valley", Days = ["sun", "holiday"] },
                new RateRule { Rate = "peak", From = "18:00", To = "21:00", Days = ["mon", "fri"] },
                new RateRule { Rate = "valley", From = "23:00", To = "07:00" },
            ],
            Calendar = new CalendarDefinition
            {
                Holidays = [new DateOnly(2026, 1, 1), new DateOnly(2026, 3, 10)],
                MovedWorkdays = [new DateOnly(2026, 1, 4), new DateOnly(2026, 3, 14)],
                Until = new DateOnly(2026, 12, 31),
            },
            Tiers = Given.Tiers() with
            {
                FirstPeriod = "days",
                HouseholdBase = 4,
                ExtraWhFlat = 100_000,
                Seasons = [new TierSeason([1, 3], [new TierStep(100_001, "0.11")]), new TierSeason([2], [])],
            },
            TaxBasisPoints = 777,
        },
        // A first year by months, for each person more, with free units.
        Given.Flat("0.4883", zone) with { Id = "months", StandingPerDay = "0.3", Tiers = Year("months") with { HouseholdBase = 3, ExtraWhPerPerson = 11_111 } },
        // A first year by days.
        Given.Tou(zone) with { Id = "days", Tiers = Year("days"), TaxBasisPoints = 500, LevyPerKwh = "0.027" },
        // A price below zero at night, as markets have it.
        Given.Tariff(zone, ("day", "0.30"), ("night", "-0.15")) with
        {
            Id = "spot",
            Schedule = [new RateRule { Rate = "night", From = "22:00", To = "08:00" }],
            Tiers = Given.Tiers(),
            LevyPerKwh = "0.02",
            TaxBasisPoints = 1_900,
        },
        Levies(zone),
        Given.Flat("0.50", zone) with { Id = "month", Tiers = Given.Tiers() },
    ];

    /// <summary>Levies with borders and days, taxes inside and beside the prices.</summary>
    private static TariffDefinition Levies(string zone) => Given.Tou(zone) with
    {
        Id = "levies",
        LevyPerKwh = "0.0271",
        StandingPerDay = "0.33",
        TaxBasisPoints = 333,
        Tiers = Given.Tiers(),
        Levies =
        [
            new LevyDefinition { Name = "above", PerKwh = "0.017", AboveWh = 90_000 },
            new LevyDefinition { Name = "between", PerKwh = "0.031", AboveWh = 10_000, UpToWh = 120_000, Until = new DateOnly(2026, 2, 28) },
        ],
        Taxes =
        [
            new TaxDefinition { Name = "VAT", BasisPoints = 1_900, Included = true },
            new TaxDefinition { Name = "duty", BasisPoints = 777, Included = true, On = ["energy"] },
            new TaxDefinition { Name = "town", BasisPoints = 501, On = ["standing", "levies"], From = new DateOnly(2026, 3, 1) },
        ],
    };

    private static TierDefinition Year(string first) => new()
    {
        Per = "year",
        Steps = [new TierStep(288_000, "0.05"), new TierStep(480_000, "0.30")],
        FirstPeriod = first,
        ProtectedFreeWh = 18_000,
        FreePricePerKwh = "0.50",
    };
}
