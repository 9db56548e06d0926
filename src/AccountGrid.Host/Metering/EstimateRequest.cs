namespace AccountGrid.Host.Metering;

/// <param name="Method"><c>sameWeekdays</c>, <c>loadShape</c> or <c>lastYear</c>.</param>
/// <param name="At">The instant of the value, with its offset from UTC, behind the meter's last value; now if absent.</param>
public sealed record EstimateRequest(string Method, string Reason, DateTimeOffset? At = null);
