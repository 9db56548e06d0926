using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Complaints;

/// <summary>
/// The table <c>complaint</c>: what was said, by when it must be answered, and how it was decided. What it holds back is in the account's log.
/// </summary>
internal sealed class ComplaintStore(NpgsqlDataSource database)
{
    private const string Columns = """
        c.partition, c.id, c.account, a.id, c.topic, c.source, c.said, c.body_hash, c.filed_by, c.filed_at, c.zone, c.contact_due, c.answer_due, c.state,
        c.contacted_at, c.escalation, c.outcome, c.resolved_by, c.resolved_at, c.channel from complaint c join account a on a.number = c.account
        """;

    /// <summary>Adds a complaint, or finds the one with its id.</summary>
    public async Task<ComplaintRow> AddAsync(ComplaintRow row)
    {
        await using (var command = database.CreateCommand(
            """
            insert into complaint (partition, id, account, topic, source, said, body_hash, filed_by, filed_at, zone, contact_due, answer_due,
              channel)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing
            """))
        {
            Statements.Add(command, row.Partition, row.Id, row.Account, (short)row.Topic, row.Source, row.Text, row.BodyHash, row.FiledBy,
                row.FiledAt.ToUniversalTime(), row.Zone, row.ContactDue, row.AnswerDue, (object?)row.Channel ?? DBNull.Value);
            await command.ExecuteNonQueryAsync();
        }

        return (await FindAsync(row.Partition, row.Id))!;
    }

    public async Task<ComplaintRow?> FindAsync(int partition, string id) =>
        (await ReadAsync($"select {Columns} where c.partition = $1 and c.id = $2", partition, id)).FirstOrDefault();

    public Task<List<ComplaintRow>> OfAccountAsync(int partition, int account) => ReadAsync(
        $"select {Columns} where c.partition = $1 and c.account = $2 and c.state <> 'new' order by c.filed_at desc, c.id", partition, account);

    /// <summary>Open complaints, the next to be answered first.</summary>
    /// <param name="area">Of accounts of this area; empty is all. So is <paramref name="manager"/>.</param>
    /// <param name="after">The place behind which the page begins: day, id.</param>
    public Task<List<ComplaintRow>> OpenAsync(string area, string manager, (DateOnly Due, string Id)? after, int limit) => ReadAsync(
        $"""
        select {Columns} left join contact k on k.partition = c.partition and k.account = c.account
        where c.state = 'open' and ($1 = '' or is_in_area(k.area, $1)) and ($2 = '' or k.manager = $2) and (c.answer_due, c.id) > ($3, $4)
        order by c.answer_due, c.id limit $5
        """, area, manager, after?.Due ?? DateOnly.MinValue, after?.Id ?? "", limit);

    /// <summary>What a process that died has left between the register and the log.</summary>
    public Task<List<ComplaintRow>> LeftAsync(DateTimeOffset before, int limit) => ReadAsync(
        $"select {Columns} where c.state in ('new', 'deciding') and coalesce(c.resolved_at, c.filed_at) < $1 order by c.filed_at limit $2",
        before.ToUniversalTime(), limit);

    /// <summary>Open complaints whose clock has run out and which were not marked so.</summary>
    public Task<List<ComplaintRow>> LateAsync(DateOnly before, int limit) => ReadAsync(
        $"""
        select {Columns} where c.state = 'open' and ((c.answer_due < $1 and c.escalation < 2)
          or (c.contact_due < $1 and c.contacted_at is null and c.escalation < 1)) order by c.answer_due limit $2
        """, before, limit);

    public Task<int> OpenedAsync(ComplaintRow row) =>
        ExecuteAsync("update complaint set state = 'open' where partition = $1 and id = $2 and state = 'new'", row.Partition, row.Id);

    public Task<int> ForgetAsync(ComplaintRow row) =>
        ExecuteAsync("delete from complaint where partition = $1 and id = $2 and state = 'new'", row.Partition, row.Id);

    public Task<int> ContactedAsync(ComplaintRow row, string by, DateTimeOffset at, string note) => ExecuteAsync(
        """
        update complaint set contacted_at = coalesce(contacted_at, $3), contacted_by = coalesce(contacted_by, $4), contact_note = coalesce(contact_note, $5)
        where partition = $1 and id = $2 and state = 'open'
        """, row.Partition, row.Id, at.ToUniversalTime(), by, note);

    /// <summary>Writes a decision once; whoever comes second changes nothing.</summary>
    public Task<int> DecideAsync(ComplaintRow row, ComplaintOutcome outcome, string by, DateTimeOffset at, string note) => ExecuteAsync(
        """
        update complaint set state = 'deciding', outcome = $3, resolved_by = $4, resolved_at = $5, resolution = $6
        where partition = $1 and id = $2 and state = 'open'
        """, row.Partition, row.Id, (short)outcome, by, at.ToUniversalTime(), note);

    public Task<int> ResolvedAsync(ComplaintRow row) =>
        ExecuteAsync("update complaint set state = 'resolved' where partition = $1 and id = $2 and state = 'deciding'", row.Partition, row.Id);

    public Task<int> EscalateAsync(ComplaintRow row, ComplaintEscalation level) => ExecuteAsync(
        "update complaint set escalation = $3 where partition = $1 and id = $2 and state = 'open' and escalation < $3", row.Partition, row.Id, (short)level);

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<List<ComplaintRow>> ReadAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<ComplaintRow>();
        while (await reader.ReadAsync())
        {
            DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
            rows.Add(new(
                reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), (ComplaintTopic)reader.GetInt16(4), reader.GetString(5),
                reader.GetString(6), reader.GetFieldValue<byte[]>(7), reader.GetString(8), At(9)!.Value, reader.GetString(10),
                reader.GetFieldValue<DateOnly>(11), reader.GetFieldValue<DateOnly>(12))
            {
                State = reader.GetString(13),
                ContactedAt = At(14),
                Escalation = (ComplaintEscalation)reader.GetInt16(15),
                Outcome = reader.IsDBNull(16) ? null : (ComplaintOutcome)reader.GetInt16(16),
                ResolvedBy = reader.IsDBNull(17) ? null : reader.GetString(17),
                ResolvedAt = At(18),
                Channel = reader.IsDBNull(19) ? null : reader.GetString(19),
            });
        }

        return rows;
    }
}
