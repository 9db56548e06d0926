namespace AccountGrid.Host.Lists;

/// <summary>Which accounts a list shows. Null is any.</summary>
/// <param name="Areas">Areas of collectors, those below included already.</param>
internal sealed record AccountFilter(string? Customer = null, string[]? Areas = null, string? Manager = null);
