namespace AccountGrid.Host.Security;

/// <summary>Which rows of the audit trail are looked for; null is any.</summary>
/// <param name="Person">As the trail has it, such as <c>operator lin</c>.</param>
/// <param name="Account">An account's id; empty is the grid itself.</param>
/// <param name="Path">Beginning of the path.</param>
/// <param name="From">From this instant on.</param>
/// <param name="To">Before this instant.</param>
internal sealed record AuditFilter(string? Person, string? Account, string? Method, string? Path, DateTimeOffset? From, DateTimeOffset? To);
