using AccountGrid.Contracts;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>Live balances of many accounts, for the API and for Orleans clients.</summary>
internal sealed class ManyAccounts(IGrainFactory grains, GridDirectory directory)
{
    private const int AccountsMax = 2_000;

    /// <summary>Balances by id, those that are not registered left out.</summary>
    public async Task<(List<(string Id, BalanceView Balance)> Found, Refusal? Refusal)> BalancesAsync(IReadOnlyList<string> accounts)
    {
        if (accounts.Count > AccountsMax)
        {
            return ([], new(RequestRefusals.BatchTooManyItems, $"accounts: {accounts.Count} are asked for; at most {AccountsMax} are allowed."));
        }

        var known = await directory.FindAccountsAsync([.. accounts.Distinct()]);
        var ids = known.Values.ToDictionary(a => a.Number, a => a.Id);
        var lists = await Task.WhenAll(known.Values.GroupBy(a => a.Partition).Select(g => grains.Partition(g.Key).Balances([.. g.Select(a => a.Number)])));
        return ([.. lists.SelectMany(l => l).Select(b => (ids[b.Account], b))], null);
    }
}
