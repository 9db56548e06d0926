using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Orleans.Concurrency;

namespace AccountGrid.Host.Lists;

/// <summary>Lists and balances of many for Orleans clients, by the same questions as the API's.</summary>
[StatelessWorker]
internal sealed class GridQueriesGrain(ManyAccounts many, AccountList list, CustomerList areas) : Grain, IGridQueries
{
    private const decimal NanoPerUnit = 1_000_000_000m;

    public async Task<ManyBalances> Balances(IReadOnlyList<string> accounts)
    {
        if (accounts is null)
        {
            return new(RequestRefusals.Invalid.Text, "accounts: it is null; give the ids of the accounts.", [], []);
        }

        var (found, refusal) = await many.BalancesAsync(accounts);
        if (refusal is not null)
        {
            return new(refusal.Code.Text, refusal.Detail, [], []);
        }

        var known = found.Select(f => f.Id).ToHashSet(StringComparer.Ordinal);
        return new(
            null, null,
            [.. found.Select(f => new AccountBalance(f.Id, f.Balance.BalanceNano / NanoPerUnit, f.Balance.Position, f.Balance.ChargedWh, f.Balance.HeldWh))],
            [.. accounts.Where(a => !known.Contains(a)).Distinct()]);
    }

    public async Task<AccountsPage> Accounts(AccountsQuery query, string? cursor, int limit)
    {
        if (query is null)
        {
            return new(RequestRefusals.Invalid.Text, "query: it is null; one without members asks for all accounts.", [], null);
        }

        var caller = OutsideCaller.Current;
        var (filter, refusal) = await AccountListEndpoints.FilterAsync(query.Customer, query.Area, query.Manager, caller.Role, caller.Scope, areas);
        if (refusal is not null)
        {
            return new(refusal.Code.Text, refusal.Detail, [], null);
        }

        if (filter is null)
        {
            return new(null, null, [], null);
        }

        try
        {
            var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("accounts", query.Customer, query.Area, query.Manager));
            var after = ListCursor.Read(cursor, tag, 1) is [var place] ? (int)ListCursor.Number(place) : 0;
            var rows = await list.PageAsync(filter, after, take + 1);
            return new(
                null, null, [.. rows.Take(take).Select(r => r.Item).Select(a => new ListedAccount(a.Id, a.Customer, a.Area, a.Manager, a.RegisteredAt))],
                rows.Count > take ? ListCursor.Of(tag, rows[take - 1].Number.ToString(CultureInfo.InvariantCulture)) : null);
        }
        catch (BadHttpRequestException e)
        {
            return new(RequestRefusals.Invalid.Text, e.Message, [], null);
        }
    }
}
