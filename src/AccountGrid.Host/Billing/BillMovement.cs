namespace AccountGrid.Host.Billing;

/// <param name="Kind">Kind of ledger entries, as the API names them.</param>
/// <param name="Amount">Their sum since the bill before, credit positive.</param>
public sealed record BillMovement(string Kind, string Amount);
