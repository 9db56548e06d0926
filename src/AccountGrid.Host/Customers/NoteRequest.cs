namespace AccountGrid.Host.Customers;

/// <summary>A note about a customer. A note is never changed: a later one corrects it.</summary>
/// <param name="Text">What the customer said of its situation, 1 to 2,000 characters.</param>
/// <param name="Kind"><c>situation</c>; or <c>vacant</c>: the premises are vacant, which is regarded where use falls.</param>
/// <param name="Agreed">What was agreed, at most 2,000 characters; absent is nothing.</param>
/// <param name="From">First day for which it holds; absent is today.</param>
/// <param name="Until">Last day for which it holds; absent is without an end.</param>
/// <param name="Corrects">The note that this one corrects; absent is none.</param>
public sealed record NoteRequest(
    string Text, string Kind = "situation", string? Agreed = null, DateOnly? From = null, DateOnly? Until = null, long? Corrects = null);
