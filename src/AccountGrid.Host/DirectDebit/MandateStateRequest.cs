namespace AccountGrid.Host.DirectDebit;

/// <param name="State"><c>active</c>, <c>suspended</c> or <c>cancelled</c>.</param>
/// <param name="Reason">Kept with the mandate.</param>
public sealed record MandateStateRequest(string State, string Reason);
