namespace AccountGrid.Domain.Policies;

/// <summary>One low-balance level: fires below the one amount, is armed again at the other.</summary>
/// <param name="Value">What it is named by: nano for an amount, days for days, 0 else.</param>
public readonly record struct Level(LevelKind Kind, long Value, Money Fire, Money Rearm)
{
    /// <summary>Share of a level above it at which an account's own level is armed again, percent.</summary>
    public const int HysteresisPercent = 10;

    /// <summary>An account's own level by amount.</summary>
    public static Level OfAmount(Money amount) =>
        new(LevelKind.Amount, amount.Nano, amount, amount + new Money(Math.Max(Money.NanoPerUnit / 100, amount.Abs().Nano / 100 * HysteresisPercent)));
}
