namespace AccountGrid.Host.Prices;

/// <param name="State"><c>new</c>, <c>tried</c>, <c>wrong</c> (refused by the dry run), <c>done</c> or <c>refused</c>.</param>
/// <param name="TriedAmount">What the account would be charged less, or where negative more, by the dry run.</param>
/// <param name="DoneAmount">What it was charged less or more. It differs where days were used between the two.</param>
/// <param name="Code">Why it is wrong or refused.</param>
public sealed record TariffListRow(
    int Row, string Account, string Tariff, int? Version, DateOnly From, string Reason, string State, string? Currency, string? TriedAmount,
    string? DoneAmount, string? Code, string? Detail);
