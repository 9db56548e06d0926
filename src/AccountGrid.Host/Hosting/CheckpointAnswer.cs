namespace AccountGrid.Host.Hosting;

/// <param name="Grid">Names the grid's database.</param>
/// <param name="Records">Records that its states now stand at, over all partitions.</param>
public sealed record CheckpointAnswer(Guid Grid, int Partitions, long Records);
