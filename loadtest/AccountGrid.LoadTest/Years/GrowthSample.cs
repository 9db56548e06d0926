namespace AccountGrid.LoadTest.Years;

/// <summary>What a database holds at a noon, bytes, indexes included.</summary>
/// <param name="Day">Days since the beginning.</param>
/// <param name="Records">Records that the log still has.</param>
/// <param name="Pages">Bytes of the states themselves: what one flush of all writes.</param>
internal sealed record GrowthSample(int Day, long Log, long DayRows, long Entries, long States, long All, long Records, long Pages);
