using System.Text.Json;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>The register of customers and of the accounts that they own.</summary>
internal sealed class CustomerStore(
    NpgsqlDataSource database, AssignmentStore assignments, PersonalData personal, SealedChannels channels, TimeProvider time)
{
    /// <summary>Accounts of one customer: all of them are in one answer.</summary>
    public const int AccountsMax = 2_000;

    /// <summary>Registers a customer, or changes one.</summary>
    /// <param name="hash">Keyed hash of what was registered; null changes a customer.</param>
    /// <param name="condition">What a change depends on.</param>
    public async Task<(bool Created, Refusal? Refusal)> SaveAsync(
        string id, CustomerProfileRequest r, byte[]? hash, string by, EditCondition condition = default)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await WhyNotAsync(connection, transaction, id, r, hash is null ? condition : default) is { } not)
        {
            return (false, not);
        }

        var values = new
        {
            id,
            r.Name,
            key = KeyOf(r.Name),
            @class = r.Class.ToLowerInvariant(),
            size = r.Size.ToLowerInvariant(),
            r.Area,
            r.Language,
            demand = r.ContractDemandKw is { } kw ? (long?)(kw * 1_000) : null,
            contact = channels.Of(r.Contact ?? [],
                await connection.ExecuteScalarAsync<string?>("select contact::text from customer where id = @id", new { id }, transaction)),
            hash,
            by,
            now = time.GetUtcNow().ToUniversalTime(),
        };
        var written = await connection.ExecuteAsync(hash is not null
            ? """
                insert into customer (id, name, name_key, class, size, area, language, contact, contract_demand_w, body_hash, created_by,
                  created_at, changed_at)
                values (@id, @Name, @key, @class, @size, @Area, @Language, @contact::jsonb, @demand, @hash, @by, @now, @now) on conflict do nothing
                """
            : """
                update customer set name = @Name, name_key = @key, class = @class, size = @size, area = @Area, language = @Language, contact = @contact::jsonb,
                  contract_demand_w = @demand, changed_at = greatest(@now, changed_at + interval '1 microsecond')
                where id = @id
                """, values, transaction);
        if (written == 0)
        {
            return (false, hash is null
                ? new(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{id}'.")
                : (await connection.ExecuteScalarAsync<byte[]>("select body_hash from customer where id = @id", new { id }, transaction))!.SequenceEqual(hash)
                ? null
                : new(RegistryRefusals.CustomerExists, $"id: customer '{id}' was registered with other content."));
        }

        var (touched, refusal) = await AttachAsync(connection, transaction, id, hash is null ? r.Accounts : r.Accounts ?? [], by, values.now);
        if (refusal is not null)
        {
            return (false, refusal);
        }

        await Responsibilities.SetContactsAsync(connection, transaction, [id], values.now);
        await CaseMover.MoveAsync(connection, transaction, touched, by, $"Customer {id} was changed.", values.now);
        await CaseMover.SortAsync(connection, transaction, touched);
        await transaction.CommitAsync();
        return (hash is not null, null);
    }

    /// <summary>Why a customer is not written; its row is locked, so that the condition holds until it is.</summary>
    private static async Task<Refusal?> WhyNotAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string id, CustomerProfileRequest r, EditCondition condition)
    {
        var changedAt = await connection.ExecuteScalarAsync<DateTime?>(
            "select changed_at from customer where id = @id for no key update", new { id }, transaction);
        return condition.WhyNot(changedAt)
            ?? (r.Area is { } area
                && !await connection.ExecuteScalarAsync<bool>("select exists (select from area where id = @area)", new { area }, transaction)
                ? new(RegistryRefusals.AreaInvalid, $"area: there is no area '{area}'.")
                : null);
    }

    /// <summary>A customer with all that is known of it.</summary>
    /// <param name="inTheClear">Whether numbers and addresses are shown whole.</param>
    public async Task<CustomerProfileAnswer?> FindAsync(string id, bool inTheClear)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QuerySingleOrDefaultAsync<(string Name, string Class, string Size, string? Area, string Language, string Contact,
            string? Manager, short Grade, string? Responsible, long? DemandW)?>(
            """
            select c.name, c.class, c.size, c.area, c.language, c.contact::text, c.manager, c.grade, case_owner(c.manager, r.chain, 0), c.contract_demand_w
            from customer c left join area r on r.id = c.area where c.id = @id
            """,
            new { id });
        if (found is not { } c)
        {
            return null;
        }

        var accounts = await connection.QueryAsync<string>(
            "select a.id from customer_account o join account a on a.number = o.account where o.customer = @id order by a.id collate \"C\"", new { id });
        var changes = await connection.QueryAsync<(string Account, bool IsAttached, string Person, DateTimeOffset At)>(
            """
            select a.id, h.is_attached, h.person, h.at from customer_account_change h join account a on a.number = h.account
            where h.customer = @id order by h.id desc limit 200
            """,
            new { id });
        var ways = JsonSerializer.Deserialize<List<ContactChannel>>(c.Contact, JsonSerializerOptions.Web)!
            .ConvertAll(w => w with { To = personal.Unseal(w.To) is var to && inTheClear ? to : PersonalData.Mask(to) });
        return new(id, c.Name, c.Class, c.Size, c.Area, c.Language, ways, accounts.AsList(), c.Responsible, c.Manager, GradeOf(c.Grade),
            await assignments.ListAsync("customer", id), [.. changes.Select(h => new AccountChangeAnswer(h.Account, h.IsAttached, h.Person, h.At))],
            c.DemandW is { } w ? w / 1_000m : null);
    }

    /// <summary>When a customer was last changed; null where there is none.</summary>
    public async Task<DateTimeOffset?> ChangedAtAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<DateTime?>("select changed_at from customer where id = @id", new { id });
    }

    /// <summary>The customer that owns an account, with what it decides about it; null is none.</summary>
    public async Task<(string Id, string? Area, string? Manager)?> OfAccountAsync(int account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(string, string?, string?)?>(
            "select c.id, c.area, c.manager from customer_account o join customer c on c.id = o.customer where o.account = @account", new { account });
    }

    public async Task<bool> ExistsAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select exists (select from customer where id = @id)", new { id });
    }

    /// <summary>The risk grade of the customer that owns an account; null where nobody does.</summary>
    public async Task<Domain.Customers.RiskGrade?> GradeOfAccountAsync(string account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (Domain.Customers.RiskGrade?)await connection.ExecuteScalarAsync<short?>(
            "select c.grade from account a join customer_account o on o.account = a.number join customer c on c.id = o.customer where a.id = @account",
            new { account });
    }

    /// <summary>Takes out what is known of a customer as a person; false where there is no such customer.</summary>
    public async Task<bool> EraseAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("select erase_customer(@id)", new { id });
    }

    /// <summary>What a name is found by: its beginning, in any case.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();

    public static string GradeOf(short grade) => ((Domain.Customers.RiskGrade)grade).ToString();

    /// <summary>Makes a customer's accounts those that are given; null leaves them. What may have another owner now is returned.</summary>
    private static async Task<(int[] Touched, Refusal? Refusal)> AttachAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string customer, IReadOnlyList<string>? ids, string by, DateTimeOffset now)
    {
        var before = (await connection.QueryAsync<int>(
            "select account from customer_account where customer = @customer", new { customer }, transaction)).AsList();
        if (ids is null)
        {
            return ([.. before], null);
        }

        var known = (await connection.QueryAsync<(string Id, int Number)>("select id, number from account where id = any(@ids)", new { ids = ids.ToArray() },
            transaction)).ToDictionary(a => a.Id, a => a.Number, StringComparer.Ordinal);
        if (ids.FirstOrDefault(i => !known.ContainsKey(i)) is { } unknown)
        {
            return ([], new(AccountRefusals.Unknown, $"accounts: there is no account '{unknown}'."));
        }

        int[] after = [.. known.Values.Order()];
        var parameters = new { customer, gone = before.Except(after).ToArray(), after, by, now };
        await connection.ExecuteAsync(
            """
            with gone as (delete from customer_account where account = any(@gone) and customer = @customer returning account),
            loose as (update contact k set manager = null, channels = case when k.of_customer then '[]' else k.channels end, changed_at = @now from account a
              where a.number in (select account from gone) and k.partition = a.partition and k.account = a.number)
            insert into customer_account_change (account, customer, is_attached, person, at)
              select account, @customer, false, @by, @now from gone order by account
            """,
            parameters, transaction);
        await connection.ExecuteAsync(
            """
            with fresh as (insert into customer_account (account, customer, since) select u.account, @customer, @now from unnest(@after) as u(account)
              on conflict do nothing returning account)
            insert into customer_account_change (account, customer, is_attached, person, at)
              select account, @customer, true, @by, @now from fresh order by account
            """,
            parameters, transaction);
        var taken = await connection.QueryFirstOrDefaultAsync<string>(
            """
            select a.id from customer_account o join account a on a.number = o.account where o.account = any(@after) and o.customer <> @customer
            order by a.id limit 1
            """,
            parameters, transaction);
        return taken is null
            ? ([.. before.Union(after)], null)
            : ([], new(RegistryRefusals.AccountTaken, $"accounts: account '{taken}' belongs to another customer."));
    }
}
