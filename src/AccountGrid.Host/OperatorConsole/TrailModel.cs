using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The audit trail with its filters, as they stand in the address.</summary>
public sealed record TrailModel(
    string? Person, string? Account, string? Grid, string? Method, string? Path, string? From, string? To, ConsolePart<Page<AuditedAnswer>> Rows);
