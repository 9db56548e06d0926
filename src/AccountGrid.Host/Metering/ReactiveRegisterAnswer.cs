using AccountGrid.Contracts;
using AccountGrid.Domain;

namespace AccountGrid.Host.Metering;

/// <summary>3.8.0 of a meter that measures reactive energy.</summary>
/// <param name="RegisterVarh">Last value, cumulative, varh.</param>
public sealed record ReactiveRegisterAnswer(long RegisterVarh, DateTimeOffset At)
{
    /// <summary>Null for a meter that does not measure reactive energy.</summary>
    internal static ReactiveRegisterAnswer? Of(MeterView meter) =>
        meter.Reactive is { } reactive ? new(reactive.ValueWh, Instants.ToInstant(reactive.TimeMs)) : null;
}
