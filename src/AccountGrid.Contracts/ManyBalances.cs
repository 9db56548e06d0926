namespace AccountGrid.Contracts;

/// <summary>Balances of many accounts, or why there are none.</summary>
/// <param name="Code">Code of the refusal, from the API's catalogue; null where it was answered.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right; null where it was answered.</param>
/// <param name="Unknown">Asked for, but not registered.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ManyBalances.v1")]
public sealed record ManyBalances(
    [property: Id(0)] string? Code,
    [property: Id(1)] string? Detail,
    [property: Id(2)] IReadOnlyList<AccountBalance> Balances,
    [property: Id(3)] IReadOnlyList<string> Unknown);
