using Orleans.CodeGeneration;

namespace AccountGrid.Contracts;

/// <summary>
/// Questions about many accounts. Its key is 0: <c>GetGrain&lt;IGridQueries&gt;(0)</c>. A call carries an API key in its request context, and may ask what the
/// same key may ask at the API; others throw <see cref="UnauthorizedAccessException"/>.
/// </summary>
[Alias("AccountGrid.IGridQueries")]
[Version(1)]
public interface IGridQueries : IGrainWithIntegerKey
{
    /// <summary>
    /// Live balances of up to 2,000 accounts, without waking their grains. For the roles <c>client</c>, <c>auditor</c> and <c>administrator</c>.
    /// </summary>
    /// <param name="accounts">Ids of accounts.</param>
    [Alias("Balances")]
    Task<ManyBalances> Balances(IReadOnlyList<string> accounts);

    /// <summary>
    /// Accounts in the order in which they were registered. A collector sees those of the key's area, an account manager those of the key's manager.
    /// </summary>
    /// <param name="query">Which accounts.</param>
    /// <param name="cursor">Of the page before; null is from the first.</param>
    /// <param name="limit">Accounts of a page, 1 to 500.</param>
    [Alias("Accounts")]
    Task<AccountsPage> Accounts(AccountsQuery query, string? cursor, int limit);
}
