namespace AccountGrid.Host.Collections;

public sealed record WaiverRequest(string Amount, string Reason);
