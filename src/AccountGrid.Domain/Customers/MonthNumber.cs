using System.Globalization;

namespace AccountGrid.Domain.Customers;

/// <summary>A calendar month, counted from January of the year 0. Ordered by time. The default value is no month of an account.</summary>
public readonly record struct MonthNumber(int Value) : IComparable<MonthNumber>
{
    public int Year => Value / 12;

    /// <summary>Its first local day.</summary>
    public DateOnly FirstDay => new(Year, (Value % 12) + 1, 1);

    /// <summary>The month that has a local day (day number).</summary>
    public static MonthNumber Of(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return new((date.Year * 12) + date.Month - 1);
    }

    public MonthNumber Plus(int months) => new(Value + months);

    public int CompareTo(MonthNumber other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{(Value % 12) + 1:00}");
}
