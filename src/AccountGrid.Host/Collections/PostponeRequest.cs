namespace AccountGrid.Host.Collections;

/// <param name="Until">Local day on which the case is due then.</param>
/// <param name="Reason">Why; kept.</param>
public sealed record PostponeRequest(DateOnly Until, string Reason);
