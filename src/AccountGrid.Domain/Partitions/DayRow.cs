using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// A closed local day of a meter: the points it holds, the energy by rate that falls on it, and what that costs by rate alone (tiers,
/// standing charge and tax belong to the account's period). Written by the state flush; late data opens it again.
/// </summary>
/// <param name="Before">The point before the first one of this day.</param>
/// <param name="Points">Points whose interval ends on this day, packed behind <paramref name="Before"/>.</param>
/// <param name="RateWh">Energy by rate of the day's tariff, Wh.</param>
/// <param name="HeldWh">Energy of differences ending on this day that is held, Wh.</param>
/// <param name="EntryPosition">Position of the record that booked the day first.</param>
/// <param name="FromPosition">No reading of it came before this position: the first since the meter had no open day.</param>
/// <param name="ToPosition">Position of the meter's last reading when it was built.</param>
public sealed record DayRow(DayKey Key, int Account, int Tariff, Point Before, PackedPoints Points, long[] RateWh, Money Base, long HeldWh, long EntryPosition,
    long FromPosition, long ToPosition)
{
    public Energy Energy => new(RateWh.Sum());
}
