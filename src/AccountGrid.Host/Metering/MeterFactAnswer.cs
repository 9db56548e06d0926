using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Metering;

/// <summary>What is another of a meter from an instant on; what is absent stays.</summary>
public sealed record MeterFactAnswer(
    DateTimeOffset From, long? CapacityW = null, long? RegisterWidthWh = null, int? IntervalSeconds = null, string? Ratio = null)
{
    internal static IReadOnlyList<MeterFactAnswer>? Of(MeterView view) => view.Changes is not { Count: > 0 } changes ? null
        : [.. changes.Select(c => new MeterFactAnswer(Instants.ToInstant(c.FromMs), c.CapacityW, c.RegisterWidthWh, c.IntervalMs / 1000,
            c.RatioMicro is { } ratio ? TransformerRatio.Text(ratio) : null))];
}
