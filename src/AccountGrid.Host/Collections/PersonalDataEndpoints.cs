using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Grades;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>What the grid knows of a person, and its end. The ledger names accounts only, and stays.</summary>
internal static class PersonalDataEndpoints
{
    /// <summary>Notes about a customer that are exported.</summary>
    private const int NotesMax = 10_000;

    public static void MapPersonalData(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/accounts/{id}/personal-data").WithTags("Customers").RequireAuthorization(Permissions.Administer).ProducesProblem(404);
        g.MapGet("", ExportAsync).WithSummary("Everything that is kept of the customer as a person.").Produces<PersonalDataAnswer>();
        g.MapDelete("", EraseAsync)
            .WithSummary(
                "Erases numbers and addresses, of the contact and of messages that are out, and what "
                    + "was written about the customer; the ledger's figures stay.");
    }

    private static async Task<IResult> ExportAsync(
        string id, GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database, PersonalData personal, CustomerStore owners,
        GradeStore grades, NoteStore notes)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        // What was written a moment ago belongs to it.
        await grains.Partition(address.Partition).Checkpoint();
        ContactRequest? contact = null;
        await using (var command = database.CreateCommand("select language, channels::text, area, manager from contact where partition = $1 and account = $2"))
        {
            Statements.Add(command, address.Partition, address.Number);
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync())
            {
                contact = new ContactRequest(reader.GetString(0), Channels(reader.GetString(1), personal), reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3));
            }
        }

        var messages = new List<PersonalMessage>();
        await using (var command = database.CreateCommand(
            """
            select id, kind, created_ms, subject, message, coalesce(channels, '[]')::text from outbox where partition = $1 and account = $2
              order by created_ms desc
            """))
        {
            Statements.Add(command, address.Partition, address.Number);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                messages.Add(new PersonalMessage(
                    reader.GetString(0), reader.GetString(1), Instants.ToInstant(reader.GetInt64(2)), reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.IsDBNull(4) ? null : LinkText.Hide(reader.GetString(4)), Channels(reader.GetString(5), personal)));
            }
        }

        var owner = await owners.OfAccountAsync(address.Number) is { Id: { } of } ? of : null;
        var customer = owner is null ? null : await owners.FindAsync(owner, inTheClear: true);
        var grade = owner is null ? null : await grades.FindAsync(owner);
        var texts = (await TextsAsync(database, address)).Concat(await SealedTextsAsync(database, address, personal)).OrderBy(t => t.At).ToList();
        return TypedResults.Ok(new PersonalDataAnswer(
            id, contact, messages, texts, await MandatesAsync(database, address, personal), customer, grade,
            owner is null ? null : await notes.ListAsync(owner, null, NotesMax)));
    }

    private static async Task<List<PersonalMandate>> MandatesAsync(NpgsqlDataSource database, AccountAddress account, PersonalData personal)
    {
        await using var command = database.CreateCommand(
            "select id, signed_on, debtor_name, debtor_account from debit_mandate where partition = $1 and account = $2 order by signed_on, id");
        Statements.Add(command, account.Partition, account.Number);
        await using var reader = await command.ExecuteReaderAsync();
        var mandates = new List<PersonalMandate>();
        while (await reader.ReadAsync())
        {
            mandates.Add(new(
                reader.GetString(0), reader.GetFieldValue<DateOnly>(1), personal.Unseal(reader.GetString(2)), personal.Unseal(reader.GetString(3))));
        }

        return mandates;
    }

    private static async Task<List<PersonalText>> TextsAsync(NpgsqlDataSource database, AccountAddress account)
    {
        const string Sql = """
            select at_ms, 'entry', 'reference', reference, null from entry where partition = $3 and account = $1 and reference is not null
            union all select at_ms, 'event', '', null, event::text from account_event where partition = $3 and account = $1
            union all select (extract(epoch from asked_at) * 1000)::bigint, 'approval', b.key, b.value, null from approval, jsonb_each_text(body::jsonb) b
              where account = $2 and b.key in ('reason', 'consent') and b.value is not null
            union all select coalesce((extract(epoch from closed_at) * 1000)::bigint, created_ms), 'case', 'outcome', outcome, null from work_case
              where partition = $3 and account = $1 and outcome is not null
            union all select (extract(epoch from e.at) * 1000)::bigint, 'case', e.kind, e.reason, null from case_event e join work_case c
              on c.partition = e.partition and c.id = e.case_id where e.partition = $3 and c.account = $1 and e.reason is not null and e.person <> ''
            union all select (extract(epoch from consented_at) * 1000)::bigint, 'prepayment', 'consent', consent_reference, null from prepayment_offer
              where partition = $3 and account = $1 and consent_reference is not null
            union all select (extract(epoch from l.asked_at) * 1000)::bigint, 'tariff-list', 'reason', r.reason, null from tariff_list_row r
              join tariff_list l on l.id = r.list where r.account = $2
            order by 1
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, account.Number, account.Id, account.Partition);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<PersonalText>();
        while (await reader.ReadAsync())
        {
            var at = Instants.ToInstant(reader.GetInt64(0));
            texts.AddRange(reader.IsDBNull(4)
                ? [new PersonalText($"{reader.GetString(1)}.{reader.GetString(2)}", at, reader.GetString(3))]
                : Erasure.TextsOf(reader.GetString(4)).Select(t => new PersonalText($"{t.Type}.{t.Member}", at, t.Text)));
        }

        return texts;
    }

    /// <summary>What the customer said in complaints and surveys, and what was noted about it: sealed in the tables, in the clear here.</summary>
    private static async Task<List<PersonalText>> SealedTextsAsync(NpgsqlDataSource database, AccountAddress account, PersonalData personal)
    {
        const string Sql = """
            select c.filed_at, 'complaint.said', c.said from complaint c where c.partition = $1 and c.account = $2
            union all select c.contacted_at, 'complaint.contactNote', c.contact_note from complaint c where c.partition = $1 and c.account = $2
            union all select c.resolved_at, 'complaint.resolution', c.resolution from complaint c where c.partition = $1 and c.account = $2
            union all select s.answered_at, 'survey.comment', s.comment from survey s where s.partition = $1 and s.account = $2
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, account.Partition, account.Number);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<PersonalText>();
        while (await reader.ReadAsync())
        {
            // Sealed texts begin with a sign that is no part of them; what was erased, or never written, is empty.
            if (!reader.IsDBNull(0) && !reader.IsDBNull(2) && reader.GetString(2) is { Length: > 0 } text && personal.Unseal(text) is { Length: > 1 } said)
            {
                texts.Add(new(reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(0), said[1..]));
            }
        }

        return texts;
    }

    private static async Task<IResult> EraseAsync(string id, GridDirectory directory, IGrainFactory grains, NpgsqlDataSource database)
    {
        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        // What was written a moment ago is in the database first, to be erased there.
        await grains.Partition(address.Partition).Checkpoint();

        // What still waits to be sent goes to the company's own channel; what is out keeps its text, which names the account and no person.
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var owner = new NpgsqlCommand(
            "select from customer c join customer_account o on o.customer = c.id where o.account = $1 for no key update of c", connection, transaction))
        {
            Statements.Add(owner, address.Number);
            await owner.ExecuteNonQueryAsync();
        }

        foreach (var sql in new[]
        {
            "update contact set channels = '[]', changed_at = now() where partition = $1 and account = $2",
            """
            update outbox set channels = (select coalesce(jsonb_agg(c || '{"to":""}'), '[]') from jsonb_array_elements(channels) c), last_error = null
            where partition = $1 and account = $2 and channels is not null
            """,
        })
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            Statements.Add(command, address.Partition, address.Number);
            await command.ExecuteNonQueryAsync();
        }

        await using (var command = new NpgsqlCommand("select erase_texts($1, $2, $3)", connection, transaction))
        {
            Statements.Add(command, address.Partition, address.Number, id);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return TypedResults.Ok(new { account = id, erased = true });
    }

    private static List<ContactChannel> Channels(string json, PersonalData personal) =>
        [.. JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Select(c => c with { To = personal.Unseal(c.To) })];
}
