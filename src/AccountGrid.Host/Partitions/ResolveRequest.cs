namespace AccountGrid.Host.Partitions;

/// <param name="Action"><c>replay</c> appends the records again, at the log's end, after what made them fail is mended; <c>dismiss</c> leaves them out for
/// good.</param>
public sealed record ResolveRequest(string Action, string Reason);
