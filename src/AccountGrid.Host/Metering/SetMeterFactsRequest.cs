namespace AccountGrid.Host.Metering;

/// <param name="From">Since when, with its offset from UTC: on the meter's present account, and perhaps in the past; not in the future.</param>
/// <param name="CapacityW">Capacity of the service from then on, W; 0 switches the check off. As before if absent, and so the others.</param>
/// <param name="RegisterWidthWh">Where the register starts again from zero, Wh as it shows them; 0 is never.</param>
/// <param name="IntervalSeconds">Usual time between readings; 0 switches gap reports off.</param>
/// <param name="Ratio">Ratio of the current and voltage transformers together: a decimal string such as 60.</param>
public sealed record SetMeterFactsRequest(DateTimeOffset From, string Reason, long? CapacityW = null, long? RegisterWidthWh = null,
    int? IntervalSeconds = null, string? Ratio = null);
