using System.Globalization;

namespace AccountGrid.Domain;

/// <summary>
/// A sum of amounts that may only ever grow: what was credited or charged in an account's life, or in a period of a year. Counted in 10^-9 units of the
/// account's currency, as <see cref="Money"/>, in 128 bits: no sum of amounts leaves its range. Balances and single amounts are <see cref="Money"/>; a sum
/// becomes one by <see cref="ToMoney"/>, where rules keep it within bounds.
/// </summary>
public readonly record struct WideMoney(Int128 Nano)
{
    public static WideMoney Zero => default;

    /// <summary>Whether the sum is in the range of <see cref="Money"/>.</summary>
    public bool IsMoney => Nano >= long.MinValue && Nano <= long.MaxValue;

    public static implicit operator WideMoney(Money money) => new(money.Nano);

    public static WideMoney operator +(WideMoney a, WideMoney b) => new(checked(a.Nano + b.Nano));

    public static WideMoney operator -(WideMoney a, WideMoney b) => new(checked(a.Nano - b.Nano));

    public static WideMoney operator -(WideMoney a) => new(checked(-a.Nano));

    public static bool operator <(WideMoney a, WideMoney b) => a.Nano < b.Nano;

    public static bool operator >(WideMoney a, WideMoney b) => a.Nano > b.Nano;

    public static bool operator <=(WideMoney a, WideMoney b) => a.Nano <= b.Nano;

    public static bool operator >=(WideMoney a, WideMoney b) => a.Nano >= b.Nano;

    /// <summary>A price or charge so many times.</summary>
    public static WideMoney Product(long nano, long times)
    {
        var high = Math.BigMul(nano, times, out var low);
        return new(new Int128(unchecked((ulong)high), unchecked((ulong)low)));
    }

    /// <summary>The same amount. Throws <see cref="OverflowException"/> where it is outside the range of <see cref="Money"/>.</summary>
    public Money ToMoney() => new(checked((long)Nano));

    /// <summary>
    /// <paramref name="basisPoints"/> hundredths of a percent of this sum, positive or negative, rounded half to even to one nano.
    /// Beside the currency's digits this and <see cref="Share"/> are where money rounds; callers round a running total and book differences, so parts sum to
    /// the whole.
    /// </summary>
    public WideMoney Percentage(int basisPoints)
    {
        const int Whole = 10_000;
        if (basisPoints is >= -Whole and <= Whole && Nano <= long.MaxValue / Whole && Nano >= -(long.MaxValue / Whole))
        {
            // What nearly all amounts are: the same in 64 bits.
            var (whole, rest) = Math.DivRem((long)Nano * basisPoints, Whole);
            var doubled = Math.Abs(rest) * 2;
            return new(doubled > Whole || (doubled == Whole && !long.IsEvenInteger(whole)) ? whole + Math.Sign(rest) : whole);
        }

        return Share(basisPoints, Whole);
    }

    /// <summary>So many parts of a whole of this sum, rounded half to even to one nano as <see cref="Percentage"/> does: what of a price a tax is.</summary>
    public WideMoney Share(int parts, int whole)
    {
        var product = checked(Nano * parts);
        var (quotient, remainder) = Int128.DivRem(product, whole);
        var twice = Int128.Abs(remainder) * 2;
        return new(twice > whole || (twice == whole && !Int128.IsEvenInteger(quotient)) ? quotient + Int128.Sign(product) : quotient);
    }

    /// <summary>The sum as an invariant decimal string with nine decimals, as the API and the events write it.</summary>
    public override string ToString() => ((decimal)Nano / Money.NanoPerUnit).ToString("0.000000000", CultureInfo.InvariantCulture);
}
