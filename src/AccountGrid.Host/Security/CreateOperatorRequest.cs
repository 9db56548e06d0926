namespace AccountGrid.Host.Security;

/// <param name="Name">What the operator signs in with: 1 to 64 lower-case letters, digits, dots, hyphens and underscores. It stands in the audit trail for
/// ever.</param>
/// <param name="Role"><c>collector</c>, <c>account-manager</c>, <c>auditor</c> or <c>administrator</c>.</param>
/// <param name="Password">12 to 256 characters.</param>
/// <param name="DisplayName">What others read; the name where it is absent.</param>
/// <param name="Area">For a collector: the area.</param>
/// <param name="Manager">For an account manager: the name as it stands at the customers.</param>
public sealed record CreateOperatorRequest(
    string Name, string Role, string Password, string? DisplayName = null, string? Area = null, string? Manager = null);
