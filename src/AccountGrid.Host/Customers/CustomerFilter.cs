namespace AccountGrid.Host.Customers;

/// <summary>Which customers a list shows. Null is any.</summary>
/// <param name="Areas">These areas and no others, those below included already.</param>
/// <param name="Segments">Segments as <c>class/size</c>.</param>
/// <param name="Grade">1 (A) to 4 (D).</param>
/// <param name="Text">An id, an account's id, or the beginning of a name.</param>
internal sealed record CustomerFilter(string[]? Areas, string? Manager, short? Grade, string[]? Segments, string? Text);
