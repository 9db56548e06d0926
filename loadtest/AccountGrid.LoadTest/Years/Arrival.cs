namespace AccountGrid.LoadTest.Years;

/// <summary>A meter that came from another account. Its place in the log is where the grid says that it was installed.</summary>
/// <param name="AtMs">The instant of the move.</param>
/// <param name="Wh">Energy of readings that the grid had already for the time after it.</param>
/// <param name="ReadMs">Time of its last reading that the grid had already.</param>
/// <param name="ArrivedMs">When the move became known.</param>
internal readonly record struct Arrival(int Meter, long AtMs, long Wh, long ReadMs, long ArrivedMs);
