using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Partitions;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Collections;

/// <summary>How the workflows' commands reach an account, and what waits for a second person meanwhile.</summary>
internal sealed class CustomerCommands(GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database)
{
    /// <summary>Carries out a command once per key of the caller's; without one, once.</summary>
    public async Task<IResult> ExecuteAsync(string id, string kind, object body, Func<int, AccountCommand> command, string? key = null)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Unknown(id);
        }

        var asked = command(address.Number);
        var outcome = await grains.Account(id).Execute(asked.ToBytes(), $"{kind}:{address.Number}:{key ?? Guid.CreateVersion7().ToString("N")}", Requests.HashOf(asked));
        return outcome.Accepted ? TypedResults.Ok(new { account = id, position = outcome.Position, balance = new Money(outcome.BalanceNano).ToString() }) : Problems.Of(outcome.Code!, outcome.Detail!);
    }

    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(string id) => Problems.Of("account.unknown", $"There is no account '{id}'.");

    /// <summary>The fold refused only because a second person has to agree.</summary>
    public static bool NeedsSecond(IResult result) =>
        result is Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult { ProblemDetails.Extensions: var e } && e.TryGetValue("code", out var code) && (string?)code == "approval.needed";

    /// <summary>Keeps what one person asked for until another agrees. The same request under its key is the same approval.</summary>
    public async Task<IResult> AskAsync(string account, string kind, object body, string askedBy, string key)
    {
        if (await directory.FindAccountAsync(account) is null)
        {
            return Unknown(account);
        }

        var id = new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{account}\n{kind}\n{key}")).AsSpan(0, 16));
        await using var command = database.CreateCommand("insert into approval (id, account, kind, body, asked_by) values ($1, $2, $3, $4, $5) on conflict do nothing");
        PartitionStore.Add(command, id, account, kind);
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(body, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = askedBy });
        await command.ExecuteNonQueryAsync();
        return TypedResults.Accepted($"/v1/approvals/{id}", new ApprovalAnswer(id, account, kind, askedBy));
    }

    /// <summary>A second person's word. What was agreed is carried out under the approval's id, so that agreeing twice does it once.</summary>
    public async Task<IResult> AnswerAsync(Guid id, bool agree, string person)
    {
        const string Sql = """
            update approval set answered_by = $2, answered_at = now(), agreed = $3 where id = $1 and asked_by <> $2 and (answered_by is null or (answered_by = $2 and agreed = $3))
            returning account, kind, body::text, asked_by
            """;
        await using var command = database.CreateCommand(Sql);
        PartitionStore.Add(command, id, person, agree);
        (string Account, string Kind, string Body, string AskedBy) asked;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
            {
                return Problems.Of(409, "approval.not_possible", $"Approval {id} does not exist, was answered, or was asked for by the same person.");
            }

            asked = (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }

        if (!agree)
        {
            return TypedResults.Ok(new { approval = id, agreed = false });
        }

        return await ExecuteAsync(asked.Account, "approval", new { id }, number => CommandOf(number, asked.Kind, asked.Body, asked.AskedBy, person), id.ToString("N"));
    }

    private static AccountCommand CommandOf(int account, string kind, string body, string askedBy, string agreedBy) => kind switch
    {
        "adjustment" when Read<AdjustmentRequest>(body) is var r => new AdjustBalance(account, Amount(r.Amount), r.Reason, askedBy, agreedBy, r.CorrectsPosition()),
        "waiver" when Read<WaiverRequest>(body) is var r => new WaiveFees(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "write-off" when Read<WriteOffRequest>(body) is var r => new WriteOff(account, Amount(r.Amount), r.Reason, askedBy, agreedBy),
        "mode" when Read<ModeRequest>(body) is var r => new SwitchMode(account, Enum.Parse<Domain.Accounts.PaymentMode>(r.Mode, ignoreCase: true), r.Consent, askedBy, agreedBy, (int)(r.DebtSharePercent * 100), Amount(r.DebtPerDay)),
        _ => throw new InvariantBrokenException($"No command for an approval of kind '{kind}'."),
    };

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;

    private static long Amount(string text) => Money.TryParse(text, out var money) ? money.Nano : throw new InvariantBrokenException($"A stored approval holds the amount '{text}'.");
}
