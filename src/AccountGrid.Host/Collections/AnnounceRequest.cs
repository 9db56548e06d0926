namespace AccountGrid.Host.Collections;

public sealed record AnnounceRequest(string Reference, DateTimeOffset Until);
