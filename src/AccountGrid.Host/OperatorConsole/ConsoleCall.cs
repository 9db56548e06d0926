namespace AccountGrid.Host.OperatorConsole;

/// <summary>A request that a page makes of the API.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Key">Idempotency key of a change that needs one.</param>
/// <param name="Accept">The type of the answer, where the API has several.</param>
internal sealed record ConsoleCall(string Method, string Path, object? Body = null, string? Key = null, string? Accept = null);
