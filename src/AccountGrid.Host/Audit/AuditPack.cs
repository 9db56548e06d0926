using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Policies;

namespace AccountGrid.Host.Audit;

/// <summary>The audit's own reading of a pack's figures about money: it takes the definition as it is written, and the list of currencies' digits.</summary>
internal sealed class AuditPack(PolicyDefinition definition)
{
    public int FromDay { get; } = definition.EffectiveFrom.DayNumber;

    /// <summary>Smallest amount of the currency, nano.</summary>
    public long Unit { get; } = (long)Math.Pow(10, 9 - Currencies.DigitsOf(definition.Currency)!.Value);

    public bool FeesFirst => definition.Billing.Allocation == "fees-first";

    public IReadOnlyList<int> InstalmentDays => definition.Billing.InstalmentDays;

    public int CloseAfterDays => definition.Billing.CloseAfterDays;

    public LateFeePolicy LateFee => definition.LateFee;

    public long LateFeeMinimum { get; } = Nano(definition.LateFee.Minimum);

    public LadderPolicy Ladder => definition.Ladder;

    public CutPolicy Cut => definition.Cut;

    public PrepaidPolicy Prepaid => definition.Prepaid;

    /// <summary>Least arrears with consequences, nano: never less than what can be paid.</summary>
    public long ArrearsMinimum => Math.Max(Unit, Nano(definition.Billing.ArrearsMinimum));

    /// <summary>Due day of a bill that is closed on a day: so many business days after it, or after the next business day where it is none.</summary>
    public int DueDay(int closed)
    {
        var day = DateOnly.FromDayNumber(closed);
        while (!Works(day))
        {
            day = day.AddDays(1);
        }

        for (var left = definition.Billing.DueBusinessDays; left > 0;)
        {
            day = day.AddDays(1);
            left -= Works(day) ? 1 : 0;
        }

        return day.DayNumber;
    }

    /// <summary>Cut to what the currency can express.</summary>
    public long Down(long nano) => (long)decimal.Floor((decimal)nano / Unit) * Unit;

    public long Up(long nano) => (long)decimal.Ceiling((decimal)nano / Unit) * Unit;

    /// <summary>What is asked of a customer: nothing below the smallest amount, else rounded up.</summary>
    public long Asked(long nano) => nano < Unit ? 0 : Up(nano);

    public long Nearest(long nano) => (long)decimal.Round((decimal)nano / Unit, MidpointRounding.AwayFromZero) * Unit;

    /// <summary>Hundredths of a percent of an amount, half to even.</summary>
    public static long Share(long nano, int basisPoints) => (long)decimal.Round(nano * (decimal)basisPoints / 10_000m, MidpointRounding.ToEven);

    public bool Works(int day) => Works(DateOnly.FromDayNumber(day));

    public bool IsHoliday(int day) => definition.Calendar.Holidays.Contains(DateOnly.FromDayNumber(day));

    /// <summary>Whether a minute of the day lies in hours that may go over midnight.</summary>
    public static bool Within(HoursPolicy hours, int minute) =>
        (Minute(hours.From), Minute(hours.To)) is var (from, to) && (from <= to ? minute >= from && minute < to : minute >= from || minute < to);

    private static int Minute(string text) =>
        (int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture);

    private bool Works(DateOnly day) =>
        definition.Calendar.MovedWorkdays.Contains(day)
            || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !definition.Calendar.Holidays.Contains(day));

    private static long Nano(string text) => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000_000m);
}
