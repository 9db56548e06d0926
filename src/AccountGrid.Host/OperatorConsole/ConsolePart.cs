namespace AccountGrid.Host.OperatorConsole;

/// <summary>A part of a page: what the API answered, or why it did not. A question that failed must not look like an empty list.</summary>
/// <param name="IsShown">The operator's role may see it.</param>
/// <param name="Error">Why there is no value.</param>
public sealed record ConsolePart<T>(bool IsShown, T? Value, string? Error)
    where T : class;
