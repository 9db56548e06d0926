namespace AccountGrid.Host.Hosting;

/// <summary>Something that works today and will not for long.</summary>
/// <param name="Code">Stable: <c>calendar.ends</c>, <c>tariff.holidays_end</c>, <c>tariff.broken</c>, <c>disk.low</c>, <c>connections.few</c>.</param>
/// <param name="Detail">What it is, when, and what would be right, in one line.</param>
public sealed record DoctorFinding(string Code, string Detail);
