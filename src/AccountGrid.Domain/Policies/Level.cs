namespace AccountGrid.Domain.Policies;

/// <summary>One low-balance level: fires below the one amount, is armed again at the other.</summary>
/// <param name="Value">What it is named by: nano for an amount, days for days, 0 else.</param>
public readonly record struct Level(LevelKind Kind, long Value, long FireNano, long RearmNano)
{
    /// <summary>Share of a level above it at which an account's own level is armed again, percent.</summary>
    public const int HysteresisPercent = 10;

    /// <summary>An account's own level by amount.</summary>
    public static Level OfAmount(long nano) =>
        new(LevelKind.Amount, nano, nano, nano + Math.Max(Money.NanoPerUnit / 100, Math.Abs(nano) / 100 * HysteresisPercent));
}
