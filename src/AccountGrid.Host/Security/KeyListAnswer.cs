namespace AccountGrid.Host.Security;

/// <param name="Keys">By their ids; never the keys themselves.</param>
/// <param name="Next">Ask with this as <c>after</c> for those that follow; null at the end.</param>
public sealed record KeyListAnswer(IReadOnlyList<KeyListItem> Keys, string? Next);
