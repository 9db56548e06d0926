using System.Text.Json;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Prepayment;

/// <summary>Offers of prepaid terms, and who would benefit from one. Each step of an offer is one statement that nothing happens to twice.</summary>
internal sealed class PrepaymentStore(NpgsqlDataSource database)
{
    private const string Columns = """
        o.partition, o.id, o.account, a.id as account_id, o.figures::text as figures, o.text_version, o.text_zh, o.text_en, o.body_hash, o.offered_by,
        o.offered_at, o.state, o.consent_reference, o.consent_hash, o.consented_at, o.approval, p.agreed, o.switch_day, o.outcome
        from prepayment_offer o join account a on a.number = o.account left join approval p on p.id = o.approval
        """;

    /// <summary>Adds an offer, or finds the one with its id.</summary>
    public async Task<PrepaymentOfferRow> AddAsync(
        AccountAddress account, string id, PrepaymentFigures figures, byte[] hash, string by, DateTimeOffset at)
    {
        var (zh, en) = PrepaymentTexts.Of(figures);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into prepayment_offer (partition, id, account, figures, text_version, text_zh, text_en, body_hash, offered_by, offered_at)
            values (@Partition, @id, @Number, @said::jsonb, @version, @zh, @en, @hash, @by, @at) on conflict do nothing
            """,
            new
            {
                account.Partition,
                id,
                account.Number,
                said = JsonSerializer.Serialize(figures, ApiJson.Options),
                version = PrepaymentTexts.Version,
                zh,
                en,
                hash,
                by,
                at = at.ToUniversalTime(),
            });
        return (await FindAsync(account.Partition, account.Number, id))!;
    }

    public async Task<PrepaymentOfferRow?> FindAsync(int partition, int account, string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PrepaymentOfferRow>(
            $"select {Columns} where o.partition = @partition and o.account = @account and o.id = @id", new { partition, account, id });
    }

    public async Task<List<PrepaymentOfferRow>> OfAccountAsync(AccountAddress account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<PrepaymentOfferRow>(
            $"select {Columns} where o.partition = @Partition and o.account = @Number order by o.offered_at desc, o.id",
            new { account.Partition, account.Number })).AsList();
    }

    /// <summary>Records consent to an open offer; false where it was answered before.</summary>
    public async Task<bool> ConsentAsync(
        PrepaymentOfferRow offer, string reference, byte[] hash, DateTimeOffset at, Guid approval, DateOnly day, DateTimeOffset from)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            update prepayment_offer set state = 'consented', consent_reference = @reference, consent_hash = @hash, consented_at = @at,
              approval = @approval, switch_day = @day, switch_at = @from
            where partition = @Partition and id = @Id and state = 'offered'
            """,
            new
            {
                reference,
                hash,
                at = at.ToUniversalTime(),
                approval,
                day,
                from = from.ToUniversalTime(),
                offer.Partition,
                offer.Id,
            }) == 1;
    }

    /// <summary>Offers that are agreed to and whose day has come, of all partitions, the oldest first.</summary>
    public async Task<List<PrepaymentOfferRow>> DueAsync(DateTimeOffset now, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<PrepaymentOfferRow>(
            $"select {Columns} where a.partition = o.partition and o.state = 'consented' and o.switch_at <= @now order by o.switch_at, o.id limit @limit",
            new { now = now.ToUniversalTime(), limit })).AsList();
    }

    /// <summary>Moves the switch of an offer to a later day.</summary>
    public async Task PutOffAsync(PrepaymentOfferRow offer, DateOnly day, DateTimeOffset from)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update prepayment_offer set switch_day = @day, switch_at = @from where partition = @Partition and id = @Id and switch_day < @day",
            new { day, from = from.ToUniversalTime(), offer.Partition, offer.Id });
    }

    /// <summary>Ends an offer that was agreed to.</summary>
    public async Task EndAsync(PrepaymentOfferRow offer, string state, string? outcome)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update prepayment_offer set state = @state, outcome = @outcome where partition = @Partition and id = @Id and state = 'consented'",
            new { state, outcome, offer.Partition, offer.Id });
    }

    /// <summary>Who would have paid less, most first, behind a place.</summary>
    /// <param name="area">Of accounts of this area and those below it; null is all.</param>
    /// <param name="manager">Of this manager's accounts; null is all.</param>
    public async Task<List<(int Account, long Saving, PrepaymentFigures Figures)>> CandidatesAsync(
        string? area, string? manager, (long Saving, int Account)? after, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(int Account, long Saving, string Figures)>(
            $"""
            select c.account, c.saving_nano, c.figures::text from prepayment_candidate c
            left join contact k on k.partition = c.partition and k.account = c.account
            where {(area is null ? "true" : "is_in_area(k.area, @area)")} and {(manager is null ? "true" : "k.manager = @manager")}
              and {(after is null ? "true" : "(c.saving_nano, c.account) < (@saving, @account)")}
            order by c.saving_nano desc, c.account desc limit @limit
            """,
            new { area, manager, saving = after?.Saving, account = after?.Account, limit });
        return [.. rows.Select(r => (r.Account, r.Saving, JsonSerializer.Deserialize<PrepaymentFigures>(r.Figures, ApiJson.Options)!))];
    }
}
