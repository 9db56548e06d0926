namespace AccountGrid.Host.Collections;

public sealed record InterlockReasonAnswer(string Code, string Detail);
