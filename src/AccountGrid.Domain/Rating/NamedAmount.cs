namespace AccountGrid.Domain.Rating;

/// <summary>What a levy or tax of a tariff comes to.</summary>
/// <param name="Name">As the tariff names it.</param>
public readonly record struct NamedAmount(AmountKind Kind, string Name, WideMoney Amount);
