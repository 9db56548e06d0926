namespace AccountGrid.Host.Customers;

/// <summary>An assignment that is to be made.</summary>
/// <param name="Kind"><c>area</c> or <c>customer</c>.</param>
/// <param name="Subject">Id of the area or customer.</param>
/// <param name="Person">Null is nobody.</param>
internal sealed record NewAssignment(string Kind, string Subject, string? Person, DateOnly From);
