using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>What a file is read for: the channel's currency, zone and business day.</summary>
/// <param name="Currency">ISO 4217; a file in another one is refused.</param>
/// <param name="Calendar">The channel's zone, in which instants of the file become business days.</param>
/// <param name="CutOffMinute">Local minute at which the business day ends, 1 to 1440.</param>
public sealed record SettlementTarget(string Currency, LocalCalendar Calendar, int CutOffMinute = 1_440)
{
    /// <summary>Decimals of the currency.</summary>
    public int Digits => Currencies.DigitsOf(Currency)!.Value;

    /// <summary>The business day of an instant: the local day, or the next one from the cut-off on.</summary>
    public DateOnly BusinessDay(DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        return DateOnly.FromDayNumber(Calendar.DayOf(ms) + (Calendar.MinuteOf(ms) >= CutOffMinute ? 1 : 0));
    }
}
