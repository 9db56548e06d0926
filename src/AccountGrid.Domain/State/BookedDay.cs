namespace AccountGrid.Domain.State;

/// <param name="Day">The local day.</param>
/// <param name="Energy">Energy that was booked for it.</param>
/// <param name="Base">Money for energy by rate that was booked for it.</param>
/// <param name="EntryPosition">Position of the record whose entry booked it first.</param>
/// <param name="FromPosition">No reading of it came before this position.</param>
/// <param name="RateWh">Energy by rate, of a line of export or one that is netted; null of others.</param>
public readonly record struct BookedDay(int Day, Energy Energy, Money Base, long EntryPosition, long FromPosition, long[]? RateWh = null);
