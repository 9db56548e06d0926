using AccountGrid.Host.Security;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>Notes about customers. Texts are sealed; rows are only added.</summary>
internal sealed class NoteStore(NpgsqlDataSource database, PersonalData personal, TimeProvider time)
{
    private const string Columns = """
        n.id, n.kind, n.said, n.agreed, n.from_day::timestamp, n.until_day::timestamp, n.corrects, l.id, n.written_by, n.written_at
        from customer_note n left join customer_note l on l.corrects = n.id
        """;

    /// <summary>Adds a note, once per key.</summary>
    /// <param name="hash">Keyed hash of what was written.</param>
    public async Task<(NoteAnswer? Note, Refusal? Refusal)> AddAsync(string customer, NoteRequest r, DateOnly from, string by, string key, byte[] hash)
    {
        await using var connection = await database.OpenConnectionAsync();
        var parameters = new
        {
            customer,
            kind = r.Kind.ToLowerInvariant(),
            said = personal.Seal(r.Text),
            agreed = r.Agreed is null ? null : personal.Seal(r.Agreed),
            from,
            r.Until,
            r.Corrects,
            by,
            key,
            hash,
            now = time.GetUtcNow().ToUniversalTime(),
        };
        var id = await connection.ExecuteScalarAsync<long?>(
            """
            insert into customer_note (customer, kind, said, agreed, from_day, until_day, corrects, written_by, written_at, key, body_hash)
            select c.id, @kind, @said, @agreed, @from, @Until, @Corrects, @by, @now, @key, @hash from customer c where c.id = @customer
              and (@Corrects::bigint is null or exists (select from customer_note o where o.id = @Corrects and o.customer = c.id))
            on conflict do nothing returning id
            """,
            parameters);
        if (id is null && await connection.QuerySingleOrDefaultAsync<(long Id, byte[] Hash)?>(
            "select id, body_hash from customer_note where customer = @customer and key = @key", parameters) is { } known)
        {
            if (!known.Hash.SequenceEqual(hash))
            {
                return (null, new(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used before with another body."));
            }

            id = known.Id;
        }

        return id is { } written ? ((await ReadAsync(connection, "n.id = @written", new { written })).Single(), null)
            : !await connection.ExecuteScalarAsync<bool>("select exists (select from customer where id = @customer)", parameters)
            ? (null, new(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{customer}'."))
            : await connection.ExecuteScalarAsync<bool>("select exists (select from customer_note where corrects = @Corrects)", parameters)
            ? (null, new(RegistryRefusals.NoteCorrected, $"corrects: note {r.Corrects} was corrected already; correct the later one."))
            : (null, new(RegistryRefusals.NoteUnknown, $"corrects: customer '{customer}' has no note {r.Corrects}."));
    }

    /// <summary>Notes about a customer, the newest first.</summary>
    /// <param name="before">Only notes with a lower id; null is all.</param>
    public async Task<List<NoteAnswer>> ListAsync(string customer, long? before, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ReadAsync(
            connection, "n.customer = @customer and n.id < @before order by n.id desc limit @take", new { customer, before = before ?? long.MaxValue, take });
    }

    private async Task<List<NoteAnswer>> ReadAsync(NpgsqlConnection connection, string where, object parameters) =>
        (await connection.QueryAsync<(long Id, string Kind, string Said, string? Agreed, DateTime From, DateTime? Until, long? Corrects, long? CorrectedBy,
            string By, DateTimeOffset At)>($"select {Columns} where {where}", parameters))
        .Select(n => new NoteAnswer(
            n.Id, n.Kind, n.Said.Length == 0 ? "" : personal.Unseal(n.Said), n.Agreed is null ? null : personal.Unseal(n.Agreed),
            DateOnly.FromDateTime(n.From), n.Until is { } until ? DateOnly.FromDateTime(until) : null, n.Corrects, n.CorrectedBy, n.By, n.At)).ToList();
}
