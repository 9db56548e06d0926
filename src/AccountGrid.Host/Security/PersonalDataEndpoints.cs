using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Outbox;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <param name="Contact">Numbers and addresses in the clear; null if there are none.</param>
/// <param name="Messages">Messages to the customer, newest first, with where they went.</param>
public sealed record PersonalDataAnswer(string Account, ContactRequest? Contact, IReadOnlyList<PersonalMessage> Messages);

public sealed record PersonalMessage(string Id, string Kind, DateTimeOffset At, string? Subject, string? Text, IReadOnlyList<ContactChannel> Channels);

/// <summary>What the grid knows of a person, and its end. The ledger names accounts only, and stays.</summary>
internal static class PersonalDataEndpoints
{
    public static void MapPersonalData(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/personal-data").WithTags("Customers").RequireAuthorization(Policies.Administer).ProducesProblem(404);
        g.MapGet("", ExportAsync).WithSummary("Everything that is kept of the customer as a person.").Produces<PersonalDataAnswer>();
        g.MapDelete("", EraseAsync).WithSummary("Erases numbers and addresses, of the contact and of messages that are out; the ledger stays.");
    }

    private static async Task<IResult> ExportAsync(string id, GridDirectory directory, NpgsqlDataSource database, PersonalData personal)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return CustomerCommands.Unknown(id);
        }

        ContactRequest? contact = null;
        await using (var command = database.CreateCommand("select language, channels::text, area, manager from contact where account = $1"))
        {
            PartitionStore.Add(command, address.Number);
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync())
            {
                contact = new ContactRequest(reader.GetString(0), Channels(reader.GetString(1), personal), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));
            }
        }

        var messages = new List<PersonalMessage>();
        await using (var command = database.CreateCommand("select id, kind, created_ms, subject, message, coalesce(channels, '[]')::text from outbox where account = $1 order by created_ms desc"))
        {
            PartitionStore.Add(command, address.Number);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                messages.Add(new PersonalMessage(
                    reader.GetString(0), reader.GetString(1), Instants.ToInstant(reader.GetInt64(2)), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), Channels(reader.GetString(5), personal)));
            }
        }

        return TypedResults.Ok(new PersonalDataAnswer(id, contact, messages));
    }

    private static async Task<IResult> EraseAsync(string id, GridDirectory directory, NpgsqlDataSource database)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return CustomerCommands.Unknown(id);
        }

        // What still waits to be sent goes to the company's own channel; what is out keeps its text, which names the account and no person.
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var sql in new[]
        {
            "update contact set channels = '[]', changed_at = now() where account = $1",
            "update outbox set channels = (select coalesce(jsonb_agg(c || '{\"to\":\"\"}'), '[]') from jsonb_array_elements(channels) c), last_error = null where account = $1 and channels is not null",
        })
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            PartitionStore.Add(command, address.Number);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return TypedResults.Ok(new { account = id, erased = true });
    }

    private static List<ContactChannel> Channels(string json, PersonalData personal) =>
        [.. JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Select(c => c with { To = personal.Unseal(c.To) })];
}
