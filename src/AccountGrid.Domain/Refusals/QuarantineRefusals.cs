namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of decisions about quarantined records.</summary>
public static class QuarantineRefusals
{
    public static RefusalCode ActionInvalid { get; } =
        new("quarantine.action_invalid", 422, "The action is not replay or dismiss.", "Send replay or dismiss.");

    public static RefusalCode RecordGone { get; } =
        new("quarantine.record_gone", 404, "The record is no longer in the log.", "Dismiss it.");

    public static RefusalCode NotOpen { get; } =
        new("quarantine.not_open", 409, "The record is not quarantined or is resolved.", "List the quarantined records again.");

    public static RefusalCode PartOfAppend { get; } =
        new("quarantine.part_of_append", 409, "Other records of the same append were folded.", "Enter its content by the API and dismiss it.");

    public static RefusalCode Transfer { get; } =
        new("quarantine.transfer", 409, "The record brings what has left another account.", "Put right what its cause names, and replay it.");
}
