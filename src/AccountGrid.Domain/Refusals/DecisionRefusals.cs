namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of decisions about readings.</summary>
public static class DecisionRefusals
{
    public static RefusalCode Invalid { get; } =
        new("decision.invalid", 422, "The decision is not one that can be taken.", "Send a decision, a value or method, and a reason as the detail says.");

    public static RefusalCode NoReading { get; } =
        new("decision.no_reading", 422, "The meter has no reading at that instant.", "Send the instant of a reading, as the list of exceptions has it.");

    public static RefusalCode NotOfCode { get; } =
        new("decision.not_of_code", 422, "Exceptions of this kind are not decided in this way.", "Decide as the detail says.");

    public static RefusalCode Border { get; } =
        new("decision.border", 422, "The reading is where the meter's time on an account begins or ends.", "Correct the installation, move or exchange.");

    public static RefusalCode TooLate { get; } =
        new("decision.too_late", 422, "The reading lies in a period that can no longer change.", "Adjust the balance if the customer was charged wrongly.");

    public static RefusalCode Changed { get; } =
        new("decision.changed", 409, "Another value counts at that instant now.", "Look at the exception again, then decide.");

    public static RefusalCode StillHeld { get; } =
        new("decision.still_held", 422, "The difference cannot be charged even so.", "Edit or estimate the value, dismiss it, or adjust the balance.");

    public static RefusalCode NoEstimate { get; } =
        new("decision.no_estimate", 422, "The method finds no value.", "Choose another method, or edit the value.");
}
