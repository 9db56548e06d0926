namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of decisions about quarantined records.</summary>
public static class QuarantineRefusals
{
    public static RefusalCode ActionInvalid { get; } =
        new("set_aside.action_invalid", 422, "The action is not replay or dismiss.", "Send replay or dismiss.");

    public static RefusalCode Gone { get; } =
        new("set_aside.gone", 404, "The record is no longer in the log.", "Dismiss it.");

    public static RefusalCode NotOpen { get; } =
        new("set_aside.not_open", 409, "The record is not quarantined or is resolved.", "List the quarantined records again.");

    public static RefusalCode InTheMiddle { get; } =
        new("set_aside.in_the_middle", 409, "Other records of the same append were folded.", "Enter its content by the API and dismiss it.");
}
