using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// A closed local day of a register: the points it holds, the energy by rate that falls on it, and what that costs by rate alone (tiers,
/// standing charge, tax and netting belong to the account's period). A row of 2.8.0 has exported energy, and what a feed-in tariff credits for it below zero.
/// Written by the state flush; late data opens it again.
/// </summary>
/// <param name="Before">The point before the first one of this day.</param>
/// <param name="Points">Points whose interval ends on this day, packed behind <paramref name="Before"/>.</param>
/// <param name="RateWh">Energy by rate of the day's plan, Wh.</param>
/// <param name="HeldWh">Energy of differences ending on this day that is held, Wh.</param>
/// <param name="EntryPosition">Position of the record that booked the day first.</param>
/// <param name="FromPosition">No reading of it came before this position: the first since the meter had no open day.</param>
/// <param name="ToPosition">Position of the meter's last reading when it was built.</param>
/// <param name="PricesThrough">Where its tariff follows a price series, the latest publication that its prices come from, <see cref="SeriesDay.Number"/>;
/// <paramref name="RateWh"/> is then by interval.</param>
public sealed record DayRow(DayKey Key, int Account, int Tariff, Point Before, PackedPoints Points, long[] RateWh, Money Base, long HeldWh, long EntryPosition,
    long FromPosition, long ToPosition, int PricesThrough = 0)
{
    public Energy Energy => new(RateWh.Sum());

    /// <summary>
    /// Whether differences that are accepted cover all of the day on which the meter was on the account; asked under tariffs with a power factor alone.
    /// Not stored.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>Its highest demand, of 1.8.0 under a tariff that charges for it, and when that interval began, UTC ms. Not stored.</summary>
    public (long W, long AtMs) Peak { get; init; }
}
