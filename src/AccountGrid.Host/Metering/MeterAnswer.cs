using AccountGrid.Host.Http;

namespace AccountGrid.Host.Metering;

/// <param name="Warnings">Of the answer to an installation or exchange: what was not given and how it is taken.</param>
public sealed record MeterAnswer(
    string Id, string Gateway, string? Account, DateTimeOffset Since, DateTimeOffset? Until, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh,
    long CapacityW, long RegisterWidthWh, int IntervalSeconds,
    IReadOnlyList<Warning>? Warnings = null);
