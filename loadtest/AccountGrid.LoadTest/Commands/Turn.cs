namespace AccountGrid.LoadTest.Commands;

/// <summary>What one turn came to. Rates are readings a second.</summary>
/// <param name="Acknowledged">Until the last acknowledgement.</param>
/// <param name="Applied">Until every acknowledged reading was in its balance.</param>
/// <param name="PageBytes">Bytes of pages that the database wrote for the turn and its warm-up, a checkpoint behind it included, by reading of
/// both.</param>
internal sealed record Turn(long Readings, double Acknowledged, double Applied, double CpuUs, double TargetCpuUs, double WalBytes, double PageBytes);
