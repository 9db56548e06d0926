using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Surveys;

/// <summary>The table <c>survey</c>: who was asked, and what was answered. An answer counts once.</summary>
internal sealed class SurveyStore(NpgsqlDataSource database, PersonalData personal)
{
    public async Task<SurveyRow?> FindAsync(int partition, string id)
    {
        await using var command = database.CreateCommand(
            """
            select s.account, a.id, s.occasion, s.state, c.language, p.id from survey s join account a on a.number = s.account
            left join contact c on c.partition = s.partition and c.account = s.account
            left join lateral (select id from payment_channel where id = s.channel limit 1) p on true where s.partition = $1 and s.id = $2
            """);
        Statements.Add(command, partition, id);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new(partition, id, reader.GetInt32(0), reader.GetString(1), (SurveyOccasion)reader.GetInt16(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5))
            : null;
    }

    /// <summary>Surveys that were drawn and not asked yet.</summary>
    public async Task<List<SurveyRow>> NewAsync(int most)
    {
        await using var command = database.CreateCommand(
            """
            select s.partition, s.id, s.account, a.id, s.occasion from survey s join account a on a.number = s.account and a.partition = s.partition
            where s.state = 'new' order by s.asked_day, s.id limit $1
            """);
        Statements.Add(command, most);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<SurveyRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), (SurveyOccasion)reader.GetInt16(4), "new", null));
        }

        return rows;
    }

    public Task AskedAsync(SurveyRow row, bool isAsked) => ExecuteAsync(
        "update survey set state = $3 where partition = $1 and id = $2 and state = 'new'", row.Partition, row.Id, isAsked ? "asked" : "refused");

    /// <summary>Writes an answer, the first and only one.</summary>
    /// <returns>Whether it counts; false if the survey was answered before.</returns>
    public async Task<bool> AnswerAsync(SurveyRow row, SurveyReply reply, DateTimeOffset at) => await ExecuteAsync(
        """
        update survey set state = 'answered', satisfaction = $3, effort = $4, comment = $5, wants_contact = $6, answered_at = $7
        where partition = $1 and id = $2 and state = 'asked'
        """,
        row.Partition, row.Id, (short)reply.Satisfaction, (object?)(short?)reply.Effort ?? DBNull.Value,
        reply.Comment.Length == 0 ? "" : personal.Seal("=" + reply.Comment), reply.WantsContact, at.ToUniversalTime()) == 1;

    /// <summary>Answers of a month by UTC, in no order that tells who gave them.</summary>
    public async Task<List<SurveyAnswerRow>> AnswersAsync(DateTimeOffset from, DateTimeOffset until)
    {
        await using var command = database.CreateCommand(
            """
            select s.partition, s.id, s.occasion, s.area, s.manager, s.collector, s.channel, s.satisfaction, s.effort, s.comment from survey s
            where s.answered_at >= $1 and s.answered_at < $2 order by s.id
            """);
        Statements.Add(command, from.ToUniversalTime(), until.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<SurveyAnswerRow>();
        while (await reader.ReadAsync())
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            var comment = Text(9) is { Length: > 0 } said ? personal.Unseal(said)[1..] : "";
            rows.Add(new((SurveyOccasion)reader.GetInt16(2), Text(3), Text(4), Text(5), Text(6), reader.GetInt16(7),
                reader.IsDBNull(8) ? null : reader.GetInt16(8), comment));
        }

        return rows;
    }

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        return await command.ExecuteNonQueryAsync();
    }
}
