namespace AccountGrid.Domain.Rating;

/// <summary>Rounding of prices at their last decimal.</summary>
internal static class Rounding
{
    /// <summary>A quotient, half to even.</summary>
    /// <param name="divisor">Above 0.</param>
    public static long HalfToEven(Int128 dividend, long divisor)
    {
        var (quotient, rest) = Int128.DivRem(dividend, divisor);
        var twice = Int128.Abs(rest) * 2;
        var isAway = twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient));
        return checked((long)(isAway ? quotient + Int128.Sign(dividend) : quotient));
    }
}
