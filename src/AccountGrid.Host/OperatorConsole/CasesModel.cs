using AccountGrid.Host.Cases;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Next">Cursor of the next page; null on the last.</param>
public sealed record CasesModel(
    IReadOnlyList<CaseAnswer> Cases, string? Next, string? Owner, string? Area, string? Kind, IReadOnlyList<string> Kinds, string? Error);
