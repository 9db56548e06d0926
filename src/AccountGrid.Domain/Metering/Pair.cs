namespace AccountGrid.Domain.Metering;

/// <summary>A difference between two points of a list that count and follow each other, by their indices.</summary>
internal readonly record struct Pair(int From, int To);
