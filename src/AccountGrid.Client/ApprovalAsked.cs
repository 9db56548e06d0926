namespace AccountGrid.Client;

internal sealed record ApprovalAsked(Guid Approval);
