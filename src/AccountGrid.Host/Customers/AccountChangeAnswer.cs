namespace AccountGrid.Host.Customers;

/// <summary>An account was attached to a customer, or detached from it.</summary>
/// <param name="Person">Who did it.</param>
public sealed record AccountChangeAnswer(string Account, bool IsAttached, string Person, DateTimeOffset At);
