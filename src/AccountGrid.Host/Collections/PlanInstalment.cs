namespace AccountGrid.Host.Collections;

/// <param name="Day">Last local day, <c>yyyy-MM-dd</c>.</param>
/// <param name="Amount">Decimal string.</param>
public sealed record PlanInstalment(DateOnly Day, string Amount);
