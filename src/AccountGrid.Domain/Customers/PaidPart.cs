namespace AccountGrid.Domain.Customers;

/// <summary>What a payment paid of one amount, on a local day (day number). A payment that was returned has paid nothing and is left out.</summary>
public readonly record struct PaidPart(int Day, Money Amount);
