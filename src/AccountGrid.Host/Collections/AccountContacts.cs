using System.Text.Json;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Collections;

/// <summary>How the customer of an account is reached, and who is responsible.</summary>
internal static class AccountContacts
{
    public static void MapAccountContact(this RouteGroupBuilder account)
    {
        account.MapGet("/contact", GetAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("Language, channels in order, area, manager; numbers and addresses are masked for whoever does not work with them.")
            .Produces<ContactRequest>();
        account.MapPut("/contact", SetAsync).TakesCondition().RequireAuthorization(Permissions.Manage)
            .WithSummary("Language, channels in order, area, manager.").Produces<ContactRequest>();
    }

    /// <summary>The contact of an account, null where none was given, and when the account is looked at next, null where it is not.</summary>
    public static async Task<(ContactRequest? Contact, DateTimeOffset? Next)> FindAsync(
        NpgsqlDataSource database, PersonalData personal, AccountAddress account, bool inTheClear)
    {
        await using var command = database.CreateCommand(
            """
            select c.language, c.channels::text, c.area, c.manager, d.due_at
            from account a left join contact c on c.partition = a.partition and c.account = a.number left join due d on d.partition = a.partition
              and d.account = a.number
            where a.partition = $1 and a.number = $2
            """);
        Statements.Add(command, account.Partition, account.Number);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return (null, null);
        }

        var contact = reader.IsDBNull(0)
            ? null
            : new ContactRequest(reader.GetString(0), Channels(reader.GetString(1), personal, inTheClear), Text(reader, 2), Text(reader, 3));
        return (contact, reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, GridDirectory directory, NpgsqlDataSource database, PersonalData personal) =>
        await directory.FindAccountAsync(id) is { } address
            ? await http.WithTagAsync(
                ChangedAtAsync(database, address),
                async () => (await FindAsync(database, personal, address, http.User.SeesContacts())).Contact is { } found
                    ? TypedResults.Ok(found)
                    : Problems.Of(CustomerRefusals.NoContact, $"Account '{id}' has no contact: PUT it first."))
            : Problems.UnknownAccount(id);

    private static async Task<DateTimeOffset?> ChangedAtAsync(NpgsqlDataSource database, AccountAddress account)
    {
        await using var command = database.CreateCommand("select changed_at from contact where partition = $1 and account = $2");
        Statements.Add(command, account.Partition, account.Number);
        return await command.ExecuteScalarAsync() as DateTime?;
    }

    private static async Task<IResult> SetAsync(string id, ContactRequest body, GridDirectory directory, NoticeTexts texts, NpgsqlDataSource database,
        SealedChannels channels, CustomerStore owners, CaseDesk mover, HttpContext http, TimeProvider time)
    {
        if ((RegistryChecks.Contact(body.Language, body.Channels, texts) ?? Requests.CheckText("area", body.Area)
            ?? Requests.CheckText("manager", body.Manager)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        // What the account's customer decides stays as the customer says.
        if (await owners.OfAccountAsync(address.Number) is { } owner)
        {
            if ((body.Area is { } area && owner.Area is { } fixedArea && area != fixedArea) || (body.Manager is { } manager && manager != owner.Manager))
            {
                return Problems.Of(RegistryRefusals.ContactOfCustomer,
                    $"area, manager: the account belongs to customer '{owner.Id}', which has area '{owner.Area}' and manager '{owner.Manager}'.");
            }

            body = body with { Area = owner.Area ?? body.Area, Manager = owner.Manager };
        }

        var (changedAt, not) = await WriteAsync(database, channels, address, body, time.GetUtcNow(), EditCondition.Of(http));
        if (not is not null)
        {
            return Problems.Of(not);
        }

        await mover.MoveAsync([address.Number], http.User.Person(), "Area or manager of the account was changed.");
        http.Response.Headers.ETag = EditCondition.TagOf(changedAt);
        return TypedResults.Ok(body);
    }

    private static async Task<(DateTimeOffset? ChangedAt, Refusal? Refusal)> WriteAsync(
        NpgsqlDataSource database, SealedChannels channels, AccountAddress address, ContactRequest body, DateTimeOffset now, EditCondition condition)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        string? kept = null;
        DateTime? changedAt = null;

        // Two who make the first contact find no row to lock.
        await using (var first = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('contact', $1))", connection, transaction))
        {
            Statements.Add(first, (long)address.Number);
            await first.ExecuteNonQueryAsync();
        }

        await using (var find = new NpgsqlCommand(
            "select channels::text, changed_at from contact where partition = $1 and account = $2 for update", connection, transaction))
        {
            Statements.Add(find, address.Partition, address.Number);
            await using var reader = await find.ExecuteReaderAsync();
            if (await reader.ReadAsync())
            {
                (kept, changedAt) = (reader.GetString(0), reader.GetDateTime(1));
            }
        }

        if (condition.WhyNot(changedAt) is { } not)
        {
            return (null, not);
        }

        const string Sql = """
            insert into contact (partition, account, changed_at, language, channels, area, manager) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (partition, account) do update set language = excluded.language, channels = excluded.channels, area = excluded.area,
              manager = excluded.manager, of_customer = false,
              changed_at = greatest(excluded.changed_at, contact.changed_at + interval '1 microsecond')
            returning changed_at
            """;
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        Statements.Add(command, address.Partition, address.Number, now.ToUniversalTime(), body.Language);
        command.Parameters.Add(new() { Value = channels.Of(body.Channels, kept), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = (object?)body.Area ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)body.Manager ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var written = (DateTime)(await command.ExecuteScalarAsync())!;
        await transaction.CommitAsync();
        return (written, null);
    }

    private static List<ContactChannel> Channels(string json, PersonalData personal, bool inTheClear) =>
        [
            .. JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Select(
                c => c with { To = personal.Unseal(c.To) is var to && inTheClear ? to : PersonalData.Mask(to) })];

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
