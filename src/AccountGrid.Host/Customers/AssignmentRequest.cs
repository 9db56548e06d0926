namespace AccountGrid.Host.Customers;

/// <summary>Who is responsible from a day on.</summary>
/// <param name="Person">Of a manager the <c>manager</c> of the person's key; null: nobody.</param>
/// <param name="From">First local day, of the area's zone; of UTC for a customer without an area.</param>
public sealed record AssignmentRequest(string? Person, DateOnly From);
