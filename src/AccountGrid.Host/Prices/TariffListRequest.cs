namespace AccountGrid.Host.Prices;

/// <param name="Rows">1 to 20,000, carried out in their order.</param>
public sealed record TariffListRequest(IReadOnlyList<TariffListItem> Rows);
