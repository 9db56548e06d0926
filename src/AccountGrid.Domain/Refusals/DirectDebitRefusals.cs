namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of mandates, collections and the banks' answers; those without a status are reasons why something was not collected.</summary>
public static class DirectDebitRefusals
{
    public static RefusalCode MandateUnknown { get; } =
        new("debit.mandate_unknown", 404, "The account has no such mandate.", "Register the mandate first.");

    public static RefusalCode MandateReused { get; } =
        new("debit.mandate_reused", 409, "The mandate's id was used before with other content; an id is unique for ever.", "Use another id.");

    public static RefusalCode MandateInvalid { get; } =
        new("debit.mandate_invalid", 422, "A field of the mandate is wrong.", "Send what the detail names.");

    public static RefusalCode MandateEnded { get; } =
        new("debit.mandate_ended", 409, "The mandate is cancelled or has lapsed, for ever.", "Register a new mandate that the customer has signed.");

    public static RefusalCode ChannelInvalid { get; } =
        new("debit.channel_invalid", 422, "The channel is not one of direct debit with a configuration for it.",
            "Register a version of a channel of kind direct-debit with the member directDebit.");

    public static RefusalCode DayInvalid { get; } =
        new("debit.day_invalid", 422, "The day of the collection is out of range.", "Send a day in the range that the detail names.");

    public static RefusalCode RunUnknown { get; } =
        new("debit.run_unknown", 404, "The channel has no such run.", "List the runs of the channel.");

    public static RefusalCode RunEmpty { get; } =
        new("debit.run_empty", 422, "The run collects nothing, so it has no file.", "Look at the run's items, which say why.");

    public static RefusalCode FileErased { get; } =
        new("debit.file_erased", 410, "Personal data that the file had was erased.", "Use the copy that was sent to the bank.");

    public static RefusalCode ResultInvalid { get; } =
        new("debit.result_invalid", 422, "The file of results has errors; nothing of it was taken.", "Correct what the member errors names.");

    public static RefusalCode ThroughInvalid { get; } =
        new("debit.through_invalid", 422, "The last day of waiting for the bank is out of range.", "Send a day in the range that the detail names.");

    public static RefusalCode MoreThanOwed { get; } =
        new("debit.more_than_owed", 422, "The amount is more than what is unpaid.", "Collect at most what is unpaid.");

    public static RefusalCode MandateInactive { get; } =
        new("debit.mandate_inactive", 409, "The mandate is not active.", "Collect under an active mandate.");

    public static RefusalCode InFlight { get; } = new("debit.in_flight", 409, "It is being collected already.", "Wait for the bank's answer.");

    public static RefusalCode PlanExists { get; } = new("debit.plan_exists", 409, "A payment plan says when it is paid.", "Collect nothing while it is kept.");

    public static RefusalCode PromiseOpen { get; } =
        new("debit.promise_open", 409, "The customer has promised to pay.", "Collect nothing until the promised day is over.");

    public static RefusalCode Held { get; } = new("debit.held", 409, "A hold stands, such as a dispute.", "Collect nothing until it ends.");

    public static RefusalCode NothingOwed { get; } = new("debit.nothing_owed", 409, "Nothing of it is unpaid.", "Nothing is to be done.");

    public static RefusalCode NotAnnounced { get; } =
        new("debit.not_announced", 409, "The customer was not told in time.", "Announce the collection first.");

    public static RefusalCode DayOver { get; } =
        new("debit.day_over", 409, "The day of the collection is over and no run has claimed it.", "Announce it for a later day.");

    public static RefusalCode AboveMaximum { get; } =
        new("debit.above_maximum", 409, "The amount is more than the mandate allows.", "Ask the customer to pay another way, or for another mandate.");
}
