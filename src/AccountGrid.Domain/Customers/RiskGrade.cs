namespace AccountGrid.Domain.Customers;

/// <summary>
/// The risk grade of a customer, from payment behaviour alone, best first. It orders contacts and decides which instalments may be offered. It never changes
/// how long before a step a notice is given.
/// </summary>
public enum RiskGrade : byte
{
    A = 1,
    B = 2,
    C = 3,
    D = 4,
}
