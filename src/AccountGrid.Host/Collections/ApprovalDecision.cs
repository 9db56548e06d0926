namespace AccountGrid.Host.Collections;

/// <param name="Hash">The <c>hash</c> of the approval as <c>GET /v1/approvals/{id}</c> shows it.</param>
public sealed record ApprovalDecision(bool Agree, string Hash);
