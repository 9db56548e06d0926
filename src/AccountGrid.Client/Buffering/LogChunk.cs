namespace AccountGrid.Client.Buffering;

/// <summary>Lines that were read, and the position behind them.</summary>
/// <param name="Lines">Texts of the lines.</param>
/// <param name="End">Where the next line begins.</param>
/// <param name="Passed">Lines up to there, those that are damaged included.</param>
internal sealed record LogChunk(IReadOnlyList<byte[]> Lines, LogPosition End, int Passed);
