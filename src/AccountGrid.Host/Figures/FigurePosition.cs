namespace AccountGrid.Host.Figures;

/// <summary>How far a partition's rows are counted.</summary>
/// <param name="Position">Up to and including this position; -1 is nothing.</param>
/// <param name="Recorded">
/// How far they were counted at any time before a rebuild: up to there, areas and days' ends are taken as they were then, so that the same sums come out.
/// </param>
/// <param name="ClosedDay">The last day whose end was counted, day number; null is none.</param>
internal readonly record struct FigurePosition(long Position, long Recorded, int? ClosedDay);
