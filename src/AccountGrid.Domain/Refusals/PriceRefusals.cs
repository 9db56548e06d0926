namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of price series.</summary>
public static class PriceRefusals
{
    public static RefusalCode SeriesUnknown { get; } =
        new("price.series_unknown", 404, "The price series does not exist.", "Check the id, or create the series.");

    public static RefusalCode SeriesInvalid { get; } =
        new("price.series_invalid", 422, "The price series is not valid.", "Correct the field that the detail names.");

    public static RefusalCode SeriesImmutable { get; } =
        new("price.series_immutable", 409, "The price series exists with other content.", "Use another id: a series never changes.");

    public static RefusalCode Invalid { get; } = new(
        "price.invalid", 422, "A price is not valid; none of the request was taken.", "Correct the row that the detail names, and send all of them again.");

    public static RefusalCode ReasonMissing { get; } = new(
        "price.reason_missing", 422, "The request changes prices that are known, and gives no reason.", "Give a reason, or leave the interval out.");
}
