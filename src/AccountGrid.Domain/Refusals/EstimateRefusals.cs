namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of estimates for silent meters.</summary>
public static class EstimateRefusals
{
    public static RefusalCode NotPossible { get; } =
        new("estimate.not_possible", 422, "Nothing is estimated for this meter.", "Read the meter, or do as the detail says.");

    public static RefusalCode NotSilent { get; } =
        new("estimate.not_silent", 422, "The meter has a value of that time or a later one.", "Choose an instant behind its last value.");

    public static RefusalCode TimeInvalid { get; } =
        new("estimate.time_invalid", 422, "The instant is to come.", "Choose an instant that is over.");

    public static RefusalCode NoValue { get; } =
        new("estimate.no_value", 422, "The method finds no value.", "Choose another method, or read the meter.");
}
