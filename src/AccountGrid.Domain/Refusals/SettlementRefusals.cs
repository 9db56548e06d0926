namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of settlement files and of the reconciliation of a channel's days.</summary>
public static class SettlementRefusals
{
    public static RefusalCode Invalid { get; } =
        new("settlement.invalid", 422, "The settlement file has errors, and nothing of it was taken.",
            "Correct what the list of errors names, or the mapping.");

    public static RefusalCode MappingMissing { get; } =
        new("settlement.mapping_missing", 422, "The channel's configuration does not say how its settlement files are read.",
            "Register a version of the channel with a settlement mapping.");

    public static RefusalCode Unknown { get; } =
        new("settlement.unknown", 404, "The channel has no imported file of this id.", "Use the id of the import's answer.");

    public static RefusalCode DayNotOver { get; } =
        new("reconciliation.day_not_over", 422, "The business day is not over.", "Sign the day off after the channel's cut-off.");

    public static RefusalCode NoFile { get; } =
        new("reconciliation.no_file", 422, "No settlement file is about the day.", "Import the day's file; one without lines names its day.");

    public static RefusalCode ItemsOpen { get; } =
        new("reconciliation.items_open", 422, "Differences of the day are not decided.", "Accept or reject the correction of each.");

    public static RefusalCode ItemUnknown { get; } =
        new("reconciliation.item_unknown", 404, "The day has no such difference.", "List the day's differences again.");

    public static RefusalCode ItemDecided { get; } =
        new("reconciliation.item_decided", 409, "The difference was decided otherwise before.", "Nothing needs to be done.");

    public static RefusalCode CorrectionRefused { get; } =
        new("reconciliation.correction_refused", 422, "The correction could not be made; the difference is open again.",
            "Do what the detail says, or reject the correction.");
}
