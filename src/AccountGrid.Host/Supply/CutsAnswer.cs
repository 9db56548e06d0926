namespace AccountGrid.Host.Supply;

/// <param name="Stopped">Every cut is held; restores go on.</param>
/// <param name="ChangedBy">Who changed it last; null where nobody has.</param>
public sealed record CutsAnswer(bool Stopped, string? Reason, string? ChangedBy, DateTimeOffset ChangedAt);
