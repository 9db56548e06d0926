namespace AccountGrid.LoadTest.Years;

/// <param name="Meters">Meters, each with an account.</param>
/// <param name="IntervalSeconds">Between readings of a meter; divides a quarter of an hour.</param>
/// <param name="Days">Whole days; the run ends at noon of the day after.</param>
/// <param name="Data">Folder of the database's files, kept; null is a temporary one.</param>
internal sealed record GrowthOptions(int Meters, int IntervalSeconds, int Days, string? Data);
