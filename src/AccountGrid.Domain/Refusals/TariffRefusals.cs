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
        new("tariff.only_version", 409, "The version is the first of its product.",
            "It stays. Register the right prices under another id, and put accounts on that product.");

    public static RefusalCode CorrectionDay { get; } = new(
        "tariff.correction_day", 422, "The day is not one from which the tariff can be corrected.",
        "Choose a day that the detail names; change the tariff for a day to come.");

    public static RefusalCode BackBilling { get; } = new(
        "tariff.back_billing", 422, "Days that are too old to be charged for would become dearer.",
        "Choose the day that the detail names, or a later one.");

    public static RefusalCode NotFolded { get; } = new(
        "tariff.not_folded", 409, "The correction could not be carried out: its record is in quarantine.",
        "Look at the quarantined records, and replay or dismiss it.");

    public static RefusalCode ListUnknown { get; } =
        new("tariff.list_unknown", 404, "The list of corrections does not exist.", "Use the id that its creation gave.");

    public static RefusalCode NotForAccount { get; } =
        new("tariff.not_for_account", 422, "The version does not change the account's price.", "Nothing needs to be done.");

    public static RefusalCode TooManyDays { get; } =
        new("tariff.too_many_days", 422, "The account has too many days of meters in the months that are asked for.", "Ask for fewer months.");

    public static RefusalCode NothingToCompare { get; } =
        new("tariff.nothing_to_compare", 422, "The account has no closed days in the months that are asked for.", "Ask again when a month is over.");

    public static RefusalCode CorrectionRegisters { get; } = new(
        "tariff.correction_registers", 422, "The account has a meter that is charged by its rate registers, or that measures export.",
        "Change the tariff from today on, and adjust the balance for the days before.");

    public static RefusalCode TwoPart { get; } = new(
        "tariff.two_part", 422, "What is asked for is not possible with a tariff that charges for capacity, demand or power factor.",
        "Change the tariff from the first day of a month to come on, and adjust the balance for the days before; compare tariffs without such charges.");

    public static RefusalCode RegistersNotMapped { get; } = new(
        "tariff.registers_not_mapped", 422, "The tariff does not say at which of its rates a rate register is charged.",
        "Choose a tariff that maps the register to a rate, or one that has one rate.");

    public static RefusalCode TooEarly { get; } =
        new("tariff.too_early", 422, "The change is before the first day that can still change.", "Choose the day that the detail names, or a later one.");
}
