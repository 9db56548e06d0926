namespace AccountGrid.Domain.Policies;

/// <summary>Amounts above which a second person must agree.</summary>
public sealed record ApprovalPolicy(string AdjustmentAbove, string WaiverAbove);
