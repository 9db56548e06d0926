namespace AccountGrid.Host.Collections;

/// <param name="Until">Until when nothing is cut, at most 90 days from now; absent: as long as the pack says. Then the whole wait begins anew.</param>
public sealed record RestoreRequest(string Reason, DateTimeOffset? Until = null);
