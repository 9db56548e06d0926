namespace AccountGrid.Host.Customers;

/// <param name="Zone">IANA time zone whose midnight begins a day of assignments.</param>
/// <param name="Parent">Id of the area above; absent is none.</param>
public sealed record AreaRequest(string Name, string Zone, string? Parent = null);
