namespace AccountGrid.Domain;

/// <summary>A cumulative register value, in whole watt-hours, 0 to <see cref="Limits.RegisterMaxWh"/>. Consumption is a difference of two.</summary>
public readonly record struct Register(long Wh)
{
    public static Energy operator -(Register later, Register earlier) => new(checked(later.Wh - earlier.Wh));
}
