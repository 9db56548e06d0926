namespace AccountGrid.Host.Accounts;

/// <summary>What a bulk registration came to, counted in accounts and meters. Unchanged ones were there already, just so.</summary>
/// <param name="Errors">Lines of which something was refused; the first 1,000 are named.</param>
/// <param name="Warnings">What was taken and leaves something open, by code: how many lines, and the first of them.</param>
public sealed record RegistrationAnswer(int Created, int Unchanged, int Rejected, IReadOnlyList<LineError> Errors, IReadOnlyList<LineWarning> Warnings);
