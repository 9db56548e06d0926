using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Lists;

/// <summary>Which accounts a list is of that is asked for by account or by customer.</summary>
internal sealed class AccountsOf(NpgsqlDataSource database, GridDirectory directory)
{
    /// <summary>Their numbers; null is all.</summary>
    public async Task<(int[]? Numbers, Refusal? Refusal)> FindAsync(string? account, string? customer)
    {
        if (account is not null && customer is not null)
        {
            return (null, new(RequestRefusals.Invalid, "account, customer: give one of the two."));
        }

        if (account is not null)
        {
            return await directory.FindAccountAsync(account) is { } found
                ? ([found.Number], null)
                : (null, new(AccountRefusals.Unknown, $"account: there is no account '{account}'."));
        }

        if (customer is null)
        {
            return (null, null);
        }

        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select exists (select from customer where id = @customer)", new { customer })
            ? ((await connection.QueryAsync<int>("select account from customer_account where customer = @customer", new { customer })).ToArray(), null)
            : (null, new(RegistryRefusals.CustomerUnknown, $"customer: there is no customer '{customer}'."));
    }
}
