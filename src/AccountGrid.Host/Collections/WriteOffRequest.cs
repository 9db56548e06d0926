namespace AccountGrid.Host.Collections;

public sealed record WriteOffRequest(string Amount, string Reason);
