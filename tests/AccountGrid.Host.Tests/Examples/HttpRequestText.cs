namespace AccountGrid.Host.Tests.Examples;

/// <summary>A request of a .http file, before its variables are put in.</summary>
/// <param name="Name">By which later requests name its answer; null is none.</param>
/// <param name="Expected">Status of the answer; null is any good one.</param>
/// <param name="Until">What must stand in the answer: rows are written a moment after what they are about was answered.</param>
/// <param name="Again">Status of the same request sent another time; null where its answer is the same.</param>
internal sealed record HttpRequestText(
    string Title, string? Name, int? Expected, string? Until, string? Again, int LaterDays, string Method, string Address,
    IReadOnlyList<(string Name, string Value)> Headers, string Body);
