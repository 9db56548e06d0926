namespace AccountGrid.Contracts;

/// <summary>A page of accounts, or why there is none.</summary>
/// <param name="Code">Code of the refusal, from the API's catalogue; null where there is a page.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right; null where there is a page.</param>
/// <param name="Accounts">Empty where it was refused.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountsPage.v1")]
public sealed record AccountsPage(
    [property: Id(0)] string? Code,
    [property: Id(1)] string? Detail,
    [property: Id(2)] IReadOnlyList<ListedAccount> Accounts,
    [property: Id(3)] string? NextCursor);
