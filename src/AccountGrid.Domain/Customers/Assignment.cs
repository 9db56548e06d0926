namespace AccountGrid.Domain.Customers;

/// <summary>Who is responsible for an area or a customer from a local day (day number) on, until another assignment begins.</summary>
/// <param name="Order">Of two assignments of one day the one with the higher number decides: it was made later.</param>
/// <param name="Person">Null: nobody.</param>
public readonly record struct Assignment(int FromDay, long Order, string? Person);
