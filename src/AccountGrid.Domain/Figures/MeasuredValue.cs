namespace AccountGrid.Domain.Figures;

/// <summary>A measure of a channel.</summary>
/// <param name="Value">In the measure's unit; null where there is none, or too few observations to show one.</param>
/// <param name="Bounds">95 % interval; null with the value, and where the number is counted in full.</param>
/// <param name="Observations">Payments, answers, minutes or days that it is of.</param>
public sealed record MeasuredValue(ChannelMeasure Measure, double? Value, Interval? Bounds, long Observations);
