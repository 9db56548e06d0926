namespace AccountGrid.Domain;

/// <summary>
/// A price of energy in 10^-6 currency units per kWh. Times whole watt-hours it is exactly a number of nano:
/// 1 Wh × 10^-6 per kWh = 10^-9.
/// </summary>
public readonly record struct Price(long MicroPerKwh)
{
    public static Money operator *(Price price, Energy energy) => new(checked(price.MicroPerKwh * energy.Wh));
}
