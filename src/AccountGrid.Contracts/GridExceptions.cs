using Orleans;
using Orleans.Runtime;

namespace AccountGrid.Contracts;

/// <summary>
/// The grid cannot answer right now: its database is away or takes no changes, or a partition is on its way to another silo. Whether a change was taken is
/// not known; ask again under the same key. It crosses from silo to silo as it is, and says what the cause was, in words.
/// </summary>
[GenerateSerializer]
[Alias("AccountGrid.GridUnavailableException")]
public class GridUnavailableException(string message) : OrleansException(message);

/// <summary>An error of the grid itself in a grain, told to callers in other processes by its type and message; the log of the grain's silo has the whole of it.</summary>
[GenerateSerializer]
[Alias("AccountGrid.GrainFailedException")]
public sealed class GrainFailedException(string message) : Exception(message);
