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

/// <summary>A cumulative register value, in whole watt-hours, 0 to <see cref="Limits.RegisterMaxWh"/>. Consumption is a difference of two.</summary>
public readonly record struct Register(long Wh)
{
    public static Energy operator -(Register later, Register earlier) => new(checked(later.Wh - earlier.Wh));
}

/// <summary>
/// A price of energy in 10^-6 currency units per kWh. Times whole watt-hours it is exactly a number of nano:
/// 1 Wh × 10^-6 per kWh = 10^-9.
/// </summary>
public readonly record struct Price(long MicroPerKwh)
{
    public static Money operator *(Price price, Energy energy) => new(checked(price.MicroPerKwh * energy.Wh));
}
