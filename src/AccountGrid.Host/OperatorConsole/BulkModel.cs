using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Decisions about many exceptions, a page of them at a time: entered, worked out, and done.</summary>
/// <param name="Key">Idempotency key of all pages.</param>
/// <param name="Cursor">Where this page begins; null is the first.</param>
/// <param name="Answer">What this page comes to, or came to; null while the decision is entered.</param>
/// <param name="IsDone">It was done.</param>
public sealed record BulkModel(
    string? Code, string? Meter, string? Account, string? Decision, string? Method, string? Reason, string Key, string? Cursor = null,
    DecidedExceptionsAnswer? Answer = null, bool IsDone = false, string? Error = null);
