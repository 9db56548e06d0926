namespace AccountGrid.Host.Customers;

/// <summary>A customer in a list.</summary>
/// <param name="Responsible">As of <see cref="CustomerProfileAnswer"/>.</param>
public sealed record CustomerListItem(string Id, string Name, string Class, string Size, string? Area, string? Responsible, string? Manager, string Grade);
