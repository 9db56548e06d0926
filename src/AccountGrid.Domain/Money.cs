using System.Globalization;

namespace AccountGrid.Domain;

/// <summary>
/// An amount of one currency, counted in 10^-9 units ("nano"). A price in 10^-6 units per kWh times whole watt-hours is an
/// exact number of nano, so energy charges never round. The currency is named by the account, not by the amount.
/// Range: about ±9.2 billion units. Arithmetic is checked: it throws <see cref="OverflowException"/> and never wraps.
/// The default value is zero.
/// </summary>
public readonly record struct Money(long Nano) : IComparable<Money>
{
    /// <summary>Nano in one currency unit.</summary>
    public const long NanoPerUnit = 1_000_000_000;

    public static Money Zero => default;

    public bool IsNegative => Nano < 0;

    /// <summary>The amount without its sign.</summary>
    public Money Abs() => IsNegative ? -this : this;

    public static Money operator +(Money a, Money b) => new(checked(a.Nano + b.Nano));

    public static Money operator -(Money a, Money b) => new(checked(a.Nano - b.Nano));

    public static Money operator -(Money a) => new(checked(-a.Nano));

    public static bool operator <(Money a, Money b) => a.Nano < b.Nano;

    public static bool operator >(Money a, Money b) => a.Nano > b.Nano;

    public static bool operator <=(Money a, Money b) => a.Nano <= b.Nano;

    public static bool operator >=(Money a, Money b) => a.Nano >= b.Nano;

    public static Money FromUnits(long units) => new(checked(units * NanoPerUnit));

    public static Money Min(Money a, Money b) => a <= b ? a : b;

    public static Money Max(Money a, Money b) => a >= b ? a : b;

    public int CompareTo(Money other) => Nano.CompareTo(other.Nano);

    /// <summary>
    /// <paramref name="basisPoints"/> hundredths of a percent of this amount, rounded as <see cref="WideMoney.Percentage"/> does.
    /// </summary>
    public Money Percentage(int basisPoints) => new WideMoney(Nano).Percentage(basisPoints).ToMoney();

    /// <summary>
    /// Rounded to a currency's digits (ISO 4217: JPY 0, CNY 2, KWD 3), half away from zero, as bills are: what is left over is the caller's to carry.
    /// </summary>
    public Money RoundedTo(int digits)
    {
        var unit = SmallestUnit(digits).Nano;
        var (quotient, remainder) = Math.DivRem(Nano, unit);
        return new(checked((quotient + (Math.Abs(remainder) * 2 >= unit ? Math.Sign(remainder) : 0)) * unit));
    }

    /// <summary>Rounded up to a currency's digits: what is asked of a customer is never less than what is owed.</summary>
    public Money RoundedUpTo(int digits)
    {
        var unit = SmallestUnit(digits).Nano;
        var (quotient, remainder) = Math.DivRem(Nano, unit);
        return new(checked((quotient + (remainder > 0 ? 1 : 0)) * unit));
    }

    /// <summary>Rounded down to a currency's digits: what is less than its smallest unit is nothing yet.</summary>
    public Money RoundedDownTo(int digits) => -(-this).RoundedUpTo(digits);

    /// <summary>The smallest amount of a currency with so many digits, 0 to 9.</summary>
    public static Money SmallestUnit(int digits)
    {
        Invariant.Holds(digits is >= 0 and <= 9, $"A currency has {digits} digits.");
        var unit = NanoPerUnit;
        for (var i = 0; i < digits; i++)
        {
            unit /= 10;
        }

        return new(unit);
    }

    /// <summary>
    /// Parses an invariant decimal such as <c>-12.5</c> with at most nine decimals. False for anything else, exponents and
    /// group separators included, or outside the range.
    /// </summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = default;
        if (string.IsNullOrEmpty(text) || text.Length > 24)
        {
            return false;
        }

        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        // Far beyond the range first: a decimal cannot be multiplied there either.
        const decimal UnitsMax = 10_000_000_000m;
        if (value is > UnitsMax or < -UnitsMax)
        {
            return false;
        }

        var nano = value * NanoPerUnit;
        if (nano != decimal.Truncate(nano) || nano > long.MaxValue || nano < long.MinValue)
        {
            return false;
        }

        money = new((long)nano);
        return true;
    }

    /// <summary>The amount as an invariant decimal string with nine decimals, as the API and the events write it.</summary>
    public override string ToString() => (Nano / (decimal)NanoPerUnit).ToString("0.000000000", CultureInfo.InvariantCulture);
}
