namespace AccountGrid.Domain;

/// <summary>
/// Consumed energy: the difference of two registers, in whole watt-hours. Negative only where a register fell and the
/// difference is held, never charged. Not a register: the two do not mix.
/// </summary>
public readonly record struct Energy(long Wh)
{
    public static Energy Zero => default;

    public static Energy operator +(Energy a, Energy b) => new(checked(a.Wh + b.Wh));

    public static Energy operator -(Energy a, Energy b) => new(checked(a.Wh - b.Wh));
}
