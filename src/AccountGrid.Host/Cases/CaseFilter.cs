namespace AccountGrid.Host.Cases;

/// <summary>Which cases a list shows. Null is any.</summary>
/// <param name="Account">Id of an account; its closed cases are shown behind the open ones.</param>
/// <param name="Owners">Cases of one of these persons; empty: of nobody.</param>
/// <param name="Area">Cases of these areas.</param>
internal sealed record CaseFilter(string? Account, string[]? Owners, string[]? Area, string? Kind);
