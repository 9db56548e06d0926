namespace AccountGrid.Host.Collections;

public sealed record PromiseRequest(DateOnly By);
