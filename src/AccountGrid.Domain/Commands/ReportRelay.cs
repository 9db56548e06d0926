namespace AccountGrid.Domain.Commands;

/// <param name="IsOn">State of the relay as the meter confirms it.</param>
/// <param name="AtMs">When it was so, by the gateway.</param>
public sealed record ReportRelay(int Account, int Meter, int Sequence, bool IsOn, long AtMs) : AccountCommand(Account);
