using System.Security.Cryptography;
using System.Text;
using AccountGrid.Domain;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Prices;

/// <summary>Tables of lists of corrections. A row has one result.</summary>
internal sealed class TariffListStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a list. The same list under its id is the same; another is refused.</summary>
    public async Task<bool> AddAsync(Guid id, byte[] hash, IReadOnlyList<TariffListItem> rows, string person, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var isNew = await connection.ExecuteAsync(
            """
            insert into tariff_list (id, body_hash, state, row_count, asked_by, asked_at) values (@id, @hash, 'trying', @Count, @person, @now)
            on conflict do nothing
            """,
            new { id, hash, rows.Count, person, now = now.UtcDateTime }, transaction) > 0;
        if (!isNew)
        {
            return await connection.ExecuteScalarAsync<bool>("select body_hash = @hash from tariff_list where id = @id", new { id, hash }, transaction);
        }

        await using (var import = await connection.BeginBinaryImportAsync(
            "copy tariff_list_row (list, number, account, tariff, version, from_day, reason) from stdin (format binary)"))
        {
            foreach (var (i, row) in rows.Index())
            {
                await import.StartRowAsync();
                await import.WriteAsync(id);
                await import.WriteAsync(i + 1);
                await import.WriteAsync(row.Account);
                await import.WriteAsync(row.Tariff);
                await (row.Version is { } version ? import.WriteAsync(version) : import.WriteNullAsync());
                await import.WriteAsync(row.From, NpgsqlDbType.Date);
                await import.WriteAsync(row.Reason);
            }

            await import.CompleteAsync();
        }

        await transaction.CommitAsync();
        return true;
    }

    public async Task<TariffListAnswer?> FindAsync(Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var list = (await connection.QueryAsync<(string State, int Rows, string AskedBy, DateTime AskedAt, string? AgreedBy)>(
            "select state, row_count, asked_by, asked_at, agreed_by from tariff_list where id = @id", new { id })).AsList();
        if (list.Count == 0)
        {
            return null;
        }

        var counts = (await connection.QueryAsync<(string State, int Count)>(
            "select state, count(*)::int from tariff_list_row where list = @id group by state", new { id })).ToDictionary(c => c.State, c => c.Count);
        var sums = (await connection.QueryAsync<(string Currency, decimal Tried, decimal Done)>(
            """
            select currency, coalesce(sum(tried_nano), 0), coalesce(sum(done_nano), 0) from tariff_list_row where list = @id and currency is not null
            group by currency order by currency
            """,
            new { id })).Select(s => new TariffListSum(s.Currency, TextOf(s.Tried), TextOf(s.Done))).ToList();
        var (state, rows, askedBy, askedAt, agreedBy) = list[0];
        int Of(string name) => counts.GetValueOrDefault(name);
        return new(
            id, state, rows, Of("new"), Of("tried"), Of("wrong"), Of("done"), Of("refused"), sums, askedBy, new(askedAt, TimeSpan.Zero), agreedBy,
            state == "tried" ? await HashAsync(connection, id) : null);
    }

    /// <summary>A second person agrees to what it saw.</summary>
    /// <returns>Whether that is the list as it stands, tried, asked for by another person, and not agreed to by a third.</returns>
    public async Task<bool> AgreeAsync(Guid id, string hash, string person, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await HashAsync(connection, id) == hash && await connection.ExecuteAsync(
            """
            update tariff_list set state = 'agreed', agreed_by = @person, agreed_at = @now where id = @id and state = 'tried' and asked_by <> @person
            """,
            new { id, person, now = now.UtcDateTime }) > 0;
    }

    public async Task<List<TariffListRow>> RowsAsync(Guid id, int after, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Number, string Account, string Tariff, int? Version, DateOnly From, string Reason, string State)>(
            """
            select number, account, tariff, version, from_day, reason, state from tariff_list_row where list = @id and number > @after order by number
            limit @most
            """,
            new { id, after, most })).Zip(
            await connection.QueryAsync<(string? Currency, long? Tried, long? Done, string? Code, string? Detail)>(
                """
                select currency, tried_nano, done_nano, code, detail from tariff_list_row where list = @id and number > @after order by number limit @most
                """,
                new { id, after, most }),
            (r, a) => new TariffListRow(r.Number, r.Account, r.Tariff, r.Version, r.From, r.Reason, r.State, a.Currency, TextOf(a.Tried), TextOf(a.Done),
                a.Code, a.Detail)).ToList();
    }

    /// <summary>The list that is to go on: the oldest that is being tried or carried out; null where none is.</summary>
    public async Task<(Guid Id, bool IsAgreed, string AskedBy, string? AgreedBy)?> NextAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(Guid, bool, string, string?)>(
            """
            select id, state = 'agreed', asked_by, agreed_by from tariff_list where state in ('trying', 'agreed') order by asked_at, id limit 1
            """)).Select(l => ((Guid, bool, string, string?)?)l).FirstOrDefault();
    }

    /// <summary>The next rows without a result.</summary>
    public async Task<List<(int Number, TariffListItem Item)>> OpenRowsAsync(Guid list, bool isAgreed, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Number, string Account, string Tariff, int? Version, DateOnly From, string Reason)>(
            """
            select number, account, tariff, version, from_day, reason from tariff_list_row where list = @list and state = @state order by number limit @most
            """,
            new { list, state = isAgreed ? "tried" : "new", most }))
            .Select(r => (r.Number, new TariffListItem(r.Account, r.Tariff, r.From, r.Reason, r.Version))).ToList();
    }

    public async Task TriedAsync(Guid list, int number, string currency, long nano) => await ExecuteAsync(
        "update tariff_list_row set state = 'tried', currency = @currency, tried_nano = @nano where list = @list and number = @number and state = 'new'",
        new { list, number, currency, nano });

    public async Task DoneAsync(Guid list, int number, long nano, long position) => await ExecuteAsync(
        """
        update tariff_list_row set state = 'done', done_nano = @nano, position = @position where list = @list and number = @number and state = 'tried'
        """,
        new { list, number, nano, position });

    public async Task RefusedAsync(Guid list, int number, bool isAgreed, string code, string? detail) => await ExecuteAsync(
        """
        update tariff_list_row set state = @state, code = @code, detail = @detail where list = @list and number = @number and state in ('new', 'tried')
        """,
        new { list, number, state = isAgreed ? "refused" : "wrong", code, detail });

    public async Task EndAsync(Guid list, bool isAgreed) => await ExecuteAsync(
        "update tariff_list set state = @to where id = @list and state = @from",
        new { list, from = isAgreed ? "agreed" : "trying", to = isAgreed ? "done" : "tried" });

    private async Task ExecuteAsync(string sql, object values)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, values);
    }

    /// <summary>Of all rows with what the dry run made of them.</summary>
    private static async Task<string> HashAsync(NpgsqlConnection connection, Guid id)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var line in connection.QueryUnbufferedAsync<string>(
            """
            select concat_ws('|', number, account, tariff, version, from_day, reason, code, tried_nano) from tariff_list_row where list = @id order by number
            """,
            new { id }))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? TextOf(long? nano) => nano is { } n ? new Money(n).ToString() : null;

    private static string TextOf(decimal nano) => new WideMoney((Int128)nano).ToString();
}
