namespace AccountGrid.Host.Operations;

/// <summary>A partition.</summary>
/// <param name="Owner">The silo that holds it, or did last; null where none ever has.</param>
/// <param name="Epoch">How often it was taken.</param>
/// <param name="Records">In its log since the beginning.</param>
/// <param name="Lag">Records of the log whose effects are not written yet.</param>
/// <param name="Unsaved">Records that would be folded again after a crash.</param>
/// <param name="LogServer">Index of the server that has its log.</param>
public sealed record PartitionAnswer(int Partition, string? Owner, long Epoch, long Records, long Lag, long Unsaved, int LogServer);
