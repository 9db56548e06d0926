namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of tariffs.</summary>
public static class TariffRefusals
{
    public static RefusalCode Unknown { get; } =
        new("tariff.unknown", 404, "The tariff does not exist.", "Check id and version.");

    public static RefusalCode Invalid { get; } =
        new("tariff.invalid", 422, "The tariff is not valid.", "Correct the field that the detail names.");

    public static RefusalCode Immutable { get; } =
        new("tariff.immutable", 409, "The version exists with other content.", "Register the change under a new version.");

    public static RefusalCode NotEffective { get; } =
        new("tariff.not_effective", 422, "The tariff is not in force on that day.", "Choose a version that is in force.");

    public static RefusalCode Incompatible { get; } =
        new("tariff.incompatible", 422, "The tariff's currency or time zone differs from the account's.", "Choose a tariff with the same ones.");

    public static RefusalCode AnnouncedLate { get; } = new(
        "tariff.announced_late", 422, "A further version of a product is announced too late for its day.",
        "Choose the day that the detail names, or a later one.");

    public static RefusalCode DayTaken { get; } =
        new("tariff.day_taken", 409, "Another version of the product begins on that day.", "Choose another day, or withdraw the other version.");

    public static RefusalCode Begun { get; } =
        new("tariff.begun", 409, "The version has begun, or is about to.", "Announce a further version.");

    public static RefusalCode Withdrawn { get; } =
        new("tariff.withdrawn", 409, "The version was withdrawn before it began.", "Name another version, or register a new one.");

    public static RefusalCode OnlyVersion { get; } =
        new("tariff.only_version", 409, "The version is the first of its product.", "Register another version that begins before it.");

    public static RefusalCode NothingToCompare { get; } =
        new("tariff.nothing_to_compare", 422, "The account has no closed days in the months that are asked for.", "Ask again when a month is over.");

    public static RefusalCode TooEarly { get; } =
        new("tariff.too_early", 422, "The change is before the first day that can still change.", "Choose the day that the detail names, or a later one.");
}
