namespace AccountGrid.Host.Metering;

/// <param name="RegisterWh">1.8.0 by the method, marked as estimated until a measured value follows.</param>
public sealed record EstimateAnswer(string Meter, string Account, DateTimeOffset At, long RegisterWh, string Method);
