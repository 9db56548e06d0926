namespace AccountGrid.Domain.Customers;

/// <summary>How large a customer is. The company decides what each band means.</summary>
public enum SizeBand
{
    Small = 0,
    Medium = 1,
    Large = 2,
}
