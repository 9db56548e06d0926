namespace AccountGrid.Host.Customers;

/// <param name="Person">Who is responsible from the day on; null is nobody.</param>
/// <param name="By">Who assigned.</param>
public sealed record AssignmentAnswer(string? Person, DateOnly From, string By, DateTimeOffset At);
