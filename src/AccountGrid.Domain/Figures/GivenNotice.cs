namespace AccountGrid.Domain.Figures;

/// <summary>A notice that no payment has followed yet: when it was given (UTC ms, and the day on which it counts) and its kind.</summary>
public readonly record struct GivenNotice(long AtMs, int Day, string Kind);
