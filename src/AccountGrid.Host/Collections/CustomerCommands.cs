using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>How the workflows' commands reach an account, and what waits for a second person meanwhile.</summary>
internal sealed class CustomerCommands(GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database)
{
    private const string Columns = "select id, account, kind, asked_by, asked_at, body, answered_by, agreed from approval";

    /// <summary>Carries out a command once per key of the caller's; without one, once.</summary>
    public async Task<IResult> ExecuteAsync(string id, string kind, object body, Func<int, AccountCommand> command, string? key = null)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var asked = command(address.Number);
        var outcome = await grains.Account(id).Execute(asked.ToBytes(), $"{kind}:{address.Number}:{key ?? Guid.CreateVersion7().ToString("N")}", Requests.HashOf(asked));
        return outcome.Accepted ? TypedResults.Ok(new { account = id, position = outcome.Position, balance = new Money(outcome.BalanceNano).ToString() }) : Problems.Of(outcome);
    }

    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(string id) => Problems.Of(
        AccountRefusals.Unknown,
        $"There is no account '{id}'.");

    /// <summary>The fold refused only because a second person has to agree.</summary>
    public static bool NeedsSecond(IResult result) =>
        result is Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult { ProblemDetails.Extensions: var e } && e.TryGetValue("code", out var code) && (string?)code == AccessRefusals.ApprovalNeeded;

    /// <summary>Keeps what one person asked for until another agrees. The same request of the same person under its key is the same approval; another under it is refused.</summary>
    public async Task<IResult> AskAsync(string account, string kind, object body, string askedBy, string key)
    {
        if (await directory.FindAccountAsync(account) is null)
        {
            return Unknown(account);
        }

        var text = JsonSerializer.Serialize(body, body.GetType(), JsonSerializerOptions.Web);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{kind}\n{askedBy}\n{key}")).AsSpan(0, 16));
        await using var command = database.CreateCommand("insert into approval (id, account, kind, body, asked_by) values ($1, $2, $3, $4, $5) on conflict do nothing");
        Statements.Add(command, id, account, kind, text, askedBy);
        await command.ExecuteNonQueryAsync();
        return await FindApprovalAsync(id) is { } kept && kept.Hash == HashOf(account, kind, text, askedBy)
            ? TypedResults.Accepted($"/v1/approvals/{id}", kept)
            : Problems.Of(RequestRefusals.IdempotencyKeyReused, "Idempotency-Key: it was used before with another body.");
    }

    /// <summary>What is to be agreed to, as it was asked for; null where there is no such approval.</summary>
    public async Task<ApprovalAnswer?> FindApprovalAsync(Guid id) => (await ReadApprovalsAsync($"{Columns} where id = $1", id)).FirstOrDefault();

    /// <summary>Approvals that wait for a second person, oldest first.</summary>
    public Task<List<ApprovalAnswer>> OpenApprovalsAsync(int limit) => ReadApprovalsAsync($"{Columns} where answered_by is null order by asked_at limit $1", limit);

    /// <summary>A second person's word on what they were shown. What was agreed is carried out under the approval's id, so that agreeing twice does it once.</summary>
    /// <param name="hash">The hash of the content that the person saw.</param>
    public async Task<IResult> AnswerAsync(Guid id, bool agree, string hash, string person)
    {
        if (await FindApprovalAsync(id) is { } shown && !string.Equals(shown.Hash, hash, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Of(
                AccessRefusals.ApprovalContentDiffers,
                $"hash: '{hash}' is not that of what approval {id} holds; GET /v1/approvals/{id} shows it with its hash.");
        }

        const string Sql = """
            update approval set answered_by = $2, answered_at = now(), agreed = $3 where id = $1 and asked_by <> $2 and (answered_by is null or (answered_by = $2 and agreed = $3))
            returning account, kind, body, asked_by
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, id, person, agree);
        (string Account, string Kind, string Body, string AskedBy) asked;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
            {
                return Problems.Of(AccessRefusals.ApprovalNotPossible, $"Approval {id} does not exist, was answered, or was asked for by the same person.");
            }

            asked = (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }

        if (!string.Equals(HashOf(asked.Account, asked.Kind, asked.Body, asked.AskedBy), hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvariantBrokenException($"Approval {id} was changed in the database while it was answered.");
        }

        if (!agree)
        {
            return TypedResults.Ok(new { approval = id, agreed = false });
        }

        return await ExecuteAsync(asked.Account, "approval", new { id }, number => CommandOf(number, asked.Kind, asked.Body, asked.AskedBy, person), id.ToString("N"));
    }

    private async Task<List<ApprovalAnswer>> ReadApprovalsAsync(string sql, object value)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, value);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<ApprovalAnswer>();
        while (await reader.ReadAsync())
        {
            using var body = JsonDocument.Parse(reader.GetString(5));
            found.Add(new ApprovalAnswer(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), body.RootElement.Clone(),
                HashOf(reader.GetString(1), reader.GetString(2), reader.GetString(5), reader.GetString(3)), reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetBoolean(7)));
        }

        return found;
    }

    /// <summary>What a second person agrees to: whose account, what, and who asked.</summary>
    private static string HashOf(string account, string kind, string body, string askedBy) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { account, kind, body, askedBy })));

    /// <summary>The command that an approval stands for.</summary>
    internal static AccountCommand CommandOf(int account, string kind, string body, string askedBy, string agreedBy) => kind switch
    {
        "refund" when Read<RefundRequest>(body) is var r => new RefundCredit(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "adjustment" when Read<AdjustmentRequest>(body) is var r => new AdjustBalance(account, Amount(r.Amount), r.Reason, askedBy, agreedBy, r.CorrectsPosition()),
        "waiver" when Read<WaiverRequest>(body) is var r => new WaiveFees(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "write-off" when Read<WriteOffRequest>(body) is var r => new WriteOff(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "mode" when Read<ModeRequest>(body) is var r => new SwitchMode(account, Enum.Parse<Domain.State.PaymentMode>(r.Mode, ignoreCase: true), r.Consent, askedBy, agreedBy, (int)(r.DebtSharePercent * 100), Amount(r.DebtPerDay)),
        _ => throw new InvariantBrokenException($"No command for an approval of kind '{kind}'."),
    };

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;

    private static long Amount(string text) => Money.TryParse(text, out var money) ? money.Nano : throw new InvariantBrokenException($"A stored approval holds the amount '{text}'.");
}
