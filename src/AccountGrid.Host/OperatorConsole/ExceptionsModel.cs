using AccountGrid.Host.Metering;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Open"><c>true</c>, <c>false</c>, or empty for both.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
public sealed record ExceptionsModel(
    IReadOnlyList<ExceptionAnswer> Rows, string? Next, string? Meter, string? Account, string? Code, string Open, string? Error);
