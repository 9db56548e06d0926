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

    public static RefusalCode TooEarly { get; } =
        new("tariff.too_early", 422, "The change is before the first day that can still change.", "Choose the day that the detail names, or a later one.");
}
