namespace AccountGrid.Contracts;

/// <summary>
/// An error of the grid itself in a grain, told to callers in other processes by its type and message; the log of the grain's silo has the whole of it.
/// </summary>
[GenerateSerializer]
[Alias("AccountGrid.GrainFailedException")]
public sealed class GrainFailedException(string message) : Exception(message);
