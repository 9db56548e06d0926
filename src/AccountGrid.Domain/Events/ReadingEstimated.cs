using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Events;

/// <summary>The value of a silent meter was estimated; the next measured value takes its place.</summary>
/// <param name="AtMs">UTC ms.</param>
/// <param name="ValueWh">1.8.0 by the method.</param>
public sealed record ReadingEstimated(int Meter, long AtMs, long ValueWh, EstimateMethod Method, string Reason, string DecidedBy) : AccountEvent;
