namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of what is asked of an account.</summary>
public static class AccountRefusals
{
    public static RefusalCode Unknown { get; } =
        new("account.unknown", 404, "The account does not exist.", "Check the account's id; open it first.");

    public static RefusalCode Exists { get; } =
        new("account.exists", 409, "The account exists with other content.", "Choose another id.");

    public static RefusalCode Closed { get; } =
        new("account.closed", 409, "The account is closed.", "A closed account takes payments, refunds and corrections only.");

    public static RefusalCode Internal { get; } =
        new("account.internal", 422, "The account is an agent's float or a channel's suspense; this is possible only with a customer's account.",
            "Use a customer's account.");

    public static RefusalCode NotInternal { get; } =
        new("account.not_internal", 422, "The account is a customer's; this is possible only with a float or suspense account.",
            "Use an agent's float.");

    public static RefusalCode HasMeters { get; } =
        new("account.has_meters", 409, "The account still has a meter.", "Assign its meters elsewhere first.");

    public static RefusalCode TooManyMeters { get; } =
        new("account.too_many_meters", 422, "The account has the largest number of meters.", "Use another account.");

    public static RefusalCode Limit { get; } =
        new("account.limit", 422, "The change would take the account beyond what it can hold.", "Bill or settle the account first, or send a smaller amount.");

    public static RefusalCode ModeInvalid { get; } =
        new("account.mode_invalid", 422, "The payment mode is not known.", "Send prepaid, postpaid or instalments.");

    public static RefusalCode HouseholdInvalid { get; } =
        new("account.household_invalid", 422, "The household's size is out of range.", "Send a size in the range that the detail names.");

    public static RefusalCode LevelInvalid { get; } =
        new("account.level_invalid", 422, "A warning level is not a valid amount.", "Send amounts in the range that the detail names.");

    public static RefusalCode TooManyLevels { get; } =
        new("account.too_many_levels", 422, "There are too many warning levels.", "Send fewer levels.");

    public static RefusalCode OpenedInvalid { get; } =
        new("account.opened_invalid", 422, "The first day is out of range.", "Send a day in the range that the detail names.");

    public static RefusalCode HouseholdInFuture { get; } =
        new("household.in_future", 422, "The change is later than today.", "Send today or an earlier day.");

    public static RefusalCode HouseholdTooEarly { get; } =
        new("household.too_early", 422, "The change is before the first day that can still change.", "Choose the day that the detail names, or a later one.");

    public static RefusalCode HouseholdTooMany { get; } =
        new("household.too_many", 422, "The account has had the largest number of households.", "Open another account.");

    public static RefusalCode CapacityInvalid { get; } =
        new("capacity.invalid", 422, "The contracted capacity is out of range.", "Send a capacity in the range that the detail names.");

    public static RefusalCode CapacityDay { get; } =
        new("capacity.day", 422, "The day is not one from which the contracted capacity can be changed.", "Choose a day in the range that the detail names.");

    public static RefusalCode CapacityTooMany { get; } =
        new("capacity.too_many", 422, "The account has had the largest number of contracted capacities.", "Open another account.");

    public static RefusalCode CapacityUnit { get; } = new(
        "capacity.unit", 422, "The contracted capacity is not in the unit that the tariff charges by.", "Set a contracted capacity in the tariff's unit.");

    public static RefusalCode CapacityMissing { get; } = new(
        "capacity.missing", 422, "The tariff charges for capacity or demand, and the account has no contracted capacity.",
        "Set the contracted capacity from the day on from which the tariff holds.");

    public static RefusalCode CloseDayInvalid { get; } =
        new("close.day_invalid", 422, "The account cannot be closed on that day.", "Choose a day in the range that the detail names.");

    public static RefusalCode ModeSame { get; } =
        new("mode.same", 422, "The account has this payment mode already.", "Nothing needs to be done.");

    public static RefusalCode ModeNoConsent { get; } =
        new("mode.no_consent", 422, "The customer's consent to prepaid control is missing.", "Send the reference of the signed consent.");

    public static RefusalCode ModeOwed { get; } =
        new("mode.owed", 422, "Arrears prevent the change to prepaid.", "Have them paid, or recover them by a debt agreement.");

    public static RefusalCode CommandNotOfAccount { get; } =
        new("command.not_of_account", 422, "The command is not one for this account.", "Send it to the account that it names.");
}
