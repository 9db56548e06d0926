using AccountGrid.Contracts;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Metering;

/// <summary>The ratio of a meter's transformers, from what its partition says of it.</summary>
internal static class MeterRatios
{
    /// <summary>The ratio of a reading's time, millionths.</summary>
    /// <param name="ms">UTC ms; <see cref="long.MaxValue"/> is now.</param>
    public static long At(MeterView view, long ms) =>
        view.Changes?.LastOrDefault(c => c.FromMs < ms && c.RatioMicro is not null)?.RatioMicro
        ?? (view.RatioMicro == 0 ? MeterRating.One : view.RatioMicro);

    /// <summary>Whether it was always one.</summary>
    public static bool IsOne(MeterView view) => view.RatioMicro == 0 && view.Changes?.Any(c => c.RatioMicro is not null) != true;
}
