using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Accounts;

/// <summary>What waits for a second person: kept until another agrees to what they were shown.</summary>
internal sealed class Approvals(GridDirectory directory, NpgsqlDataSource database)
{
    private const string Columns = "select id, account, kind, asked_by, asked_at, body, answered_by, agreed from approval";

    /// <summary>The fold refused only because a second person has to agree.</summary>
    public static bool NeedsSecond(IResult result) =>
        result is Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult { ProblemDetails.Extensions: var e } && e.TryGetValue("code", out var code)
            && (string?)code == AccessRefusals.ApprovalNeeded;

    /// <summary>
    /// Keeps what one person asked for until another agrees. The same request under its key is the same approval, also when the caller's key was rotated
    /// since; another under it is refused.
    /// </summary>
    public async Task<IResult> AskAsync(string account, string kind, object body, string askedBy, string key)
    {
        return await directory.FindAccountAsync(account) is null
            ? Problems.UnknownAccount(account)
            : await KeepAsync(account, kind, body, askedBy, key);
    }

    /// <summary>The same for what is of no account.</summary>
    public Task<IResult> AskOfGridAsync(string kind, object body, string askedBy, string key) => KeepAsync("", kind, body, askedBy, key);

    private async Task<IResult> KeepAsync(string account, string kind, object body, string askedBy, string key)
    {
        var text = JsonSerializer.Serialize(body, body.GetType(), JsonSerializerOptions.Web);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{kind}\n{key}")).AsSpan(0, 16));
        await using var command =
            database.CreateCommand("insert into approval (id, account, kind, body, asked_by) values ($1, $2, $3, $4, $5) on conflict do nothing");
        Statements.Add(command, id, account, kind, text, askedBy);
        await command.ExecuteNonQueryAsync();
        return await FindAsync(id) is { } kept && kept.Hash == HashOf(account, kind, text, kept.AskedBy)
            ? TypedResults.Accepted($"/v1/approvals/{id}", kept)
            : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used before with another body.");
    }

    /// <summary>What is to be agreed to, as it was asked for; null where there is no such approval.</summary>
    public async Task<ApprovalAnswer?> FindAsync(Guid id) => (await ReadAsync($"{Columns} where id = $1", id)).FirstOrDefault();

    /// <summary>Approvals that wait for a second person, oldest first.</summary>
    /// <param name="after">The place behind which the page begins.</param>
    public Task<List<ApprovalAnswer>> OpenAsync((DateTime At, Guid Id) after, int limit) => ReadAsync(
        $"{Columns} where answered_by is null and (asked_at, id) > ($1, $2) order by asked_at, id limit $3", after.At, after.Id, limit);

    /// <summary>
    /// A second person's word on what they were shown. What was agreed is carried out under the approval's id, so that agreeing twice does it once.
    /// </summary>
    /// <param name="id">The approval's.</param>
    /// <param name="agree">The second person's word.</param>
    /// <param name="hash">The hash of the content that the person saw.</param>
    /// <param name="person">Who agrees.</param>
    /// <param name="carryOut">Carries out what was agreed, for its account, under an idempotency key.</param>
    public async Task<IResult> AnswerAsync(Guid id, bool agree, string hash, string person, Func<ApprovedRequest, string, Task<IResult>> carryOut)
    {
        if (await FindAsync(id) is { } shown && !string.Equals(shown.Hash, hash, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Of(
                AccessRefusals.ApprovalContentDiffers,
                $"hash: '{hash}' is not that of what approval {id} holds; GET /v1/approvals/{id} shows it with its hash.");
        }

        const string Sql = """
            update approval set answered_by = $2, answered_at = now(), agreed = $3 where id = $1 and asked_by <> $2
              and (answered_by is null or (answered_by = $2 and agreed = $3))
            returning account, kind, body, asked_by
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, id, person, agree);
        ApprovedRequest asked;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
            {
                return Problems.Of(AccessRefusals.ApprovalNotPossible, $"Approval {id} does not exist, was answered, or was asked for by the same person.");
            }

            asked = new ApprovedRequest(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }

        if (!string.Equals(HashOf(asked.Account, asked.Kind, asked.Body, asked.AskedBy), hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvariantBrokenException($"Approval {id} was changed in the database while it was answered.");
        }

        if (!agree)
        {
            return TypedResults.Ok(new { approval = id, agreed = false });
        }

        return await carryOut(asked, id.ToString("N"));
    }

    private async Task<List<ApprovalAnswer>> ReadAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<ApprovalAnswer>();
        while (await reader.ReadAsync())
        {
            using var body = JsonDocument.Parse(reader.GetString(5));
            found.Add(new ApprovalAnswer(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4),
                body.RootElement.Clone(),
                HashOf(reader.GetString(1), reader.GetString(2), reader.GetString(5), reader.GetString(3)), reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetBoolean(7)));
        }

        return found;
    }

    /// <summary>What a second person agrees to: whose account, what, and who asked.</summary>
    private static string HashOf(string account, string kind, string body, string askedBy) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { account, kind, body, askedBy })));
}
