namespace AccountGrid.Contracts;

/// <summary>
/// The grid cannot answer right now: its database is away or takes no changes, or a partition is on its way to another silo. Whether a change was taken is
/// not known; ask again under the same key. It crosses from silo to silo as it is, and says what the cause was, in words.
/// </summary>
[GenerateSerializer]
[Alias("AccountGrid.GridUnavailableException")]
public class GridUnavailableException(string message) : OrleansException(message);
