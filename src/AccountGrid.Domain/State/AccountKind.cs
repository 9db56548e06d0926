namespace AccountGrid.Domain.State;

/// <summary>Whose money an account holds.</summary>
public enum AccountKind : byte
{
    /// <summary>A customer's: meters, tariff, bills or prepaid balance.</summary>
    Customer = 0,

    /// <summary>What an agent has deposited, less what it has sold.</summary>
    Float = 1,

    /// <summary>What came through a payment channel for an account that is not known.</summary>
    Suspense = 2,
}
