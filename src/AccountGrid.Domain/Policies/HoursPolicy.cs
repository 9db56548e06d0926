namespace AccountGrid.Domain.Policies;

/// <summary>From, inclusive, to, exclusive; runs over midnight where it ends before it begins; equal is none.</summary>
public sealed record HoursPolicy(string From, string To);
