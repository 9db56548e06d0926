namespace AccountGrid.Domain.Commands;

/// <summary>A message's delivery is proven. For a notice that a cut depends on, this starts its time.</summary>
/// <param name="AtMs">When it was delivered.</param>
public sealed record ReportDelivery(int Account, string NoticeId, string Channel, long AtMs) : AccountCommand(Account);
