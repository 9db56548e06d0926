using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// People who sign in at the console: with a password, or through a provider of OpenID Connect. Passwords are kept as ASP.NET Core's password hasher makes
/// them: PBKDF2 with HMAC-SHA512, a salt of their own, and the number of rounds in the text.
/// </summary>
internal sealed partial class OperatorStore(NpgsqlDataSource database, TimeProvider time)
{
    private const int PasswordMinLength = 12;
    private const int PasswordMaxLength = 256;
    private const int ScopeMaxLength = 128;
    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>A hash takes tens of milliseconds of a processor that readings need: a flood of sign-ins waits for itself.</summary>
    private static readonly SemaphoreSlim Hashing = new(2, 2);

    /// <summary>Checked where there is no such operator, or none with a password, so that an unknown name takes as long as a wrong password.</summary>
    private static readonly string NobodysHash = Hasher.HashPassword("", "nobody has this password");

    /// <summary>Roles of people. Keys alone have the others.</summary>
    public static IReadOnlyDictionary<string, KeyRole> Roles { get; } = new Dictionary<string, KeyRole>
    {
        ["collector"] = KeyRole.Collector,
        ["account-manager"] = KeyRole.AccountManager,
        ["auditor"] = KeyRole.Auditor,
        ["administrator"] = KeyRole.Administrator,
    };

    public async Task<Refusal?> CreateAsync(CreateOperatorRequest request)
    {
        if ((CheckName(request.Name) ?? CheckPassword(request.Password) ?? Requests.CheckText("displayName", request.DisplayName)) is { } wrong)
        {
            return wrong;
        }

        if (!Roles.TryGetValue(request.Role, out var role))
        {
            return new(AccessRefusals.OperatorRoleInvalid, $"role: '{request.Role}' is not {string.Join(", ", Roles.Keys)}.");
        }

        var (field, scope) = role switch
        {
            KeyRole.Collector => ("area", request.Area),
            KeyRole.AccountManager => ("manager", request.Manager),
            _ => ("", null),
        };
        if (field.Length > 0 && (string.IsNullOrWhiteSpace(scope) || scope.Length > ScopeMaxLength || Requests.CheckText(field, scope) is not null))
        {
            return new(AccessRefusals.OperatorRoleInvalid,
                $"{field}: '{scope}' is not 1 to {ScopeMaxLength} characters; a {request.Role} sees the customers whose contact has it.");
        }

        await using var command = database.CreateCommand(
            """
            insert into operator_account (name, display_name, role, scope, password, made_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (name) do nothing
            """);
        var shown = string.IsNullOrWhiteSpace(request.DisplayName) ? request.Name : request.DisplayName;
        Statements.Add(command, request.Name, shown, role.ToString(), scope ?? (object)DBNull.Value, Hasher.HashPassword(request.Name, request.Password),
            time.GetUtcNow());
        return await command.ExecuteNonQueryAsync() == 1
            ? null
            : new(AccessRefusals.OperatorExists, $"name: there is an operator '{request.Name}' already.");
    }

    public async Task<IReadOnlyList<OperatorAnswer>> ListAsync()
    {
        await using var command = database.CreateCommand(
            """
            select name, display_name, role, scope, is_disabled, made_at, person,
              (select count(*)::int from operator_session s where s.operator = o.name and s.ends_at > $1)
            from operator_account o order by name
            """);
        Statements.Add(command, time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<OperatorAnswer>();
        while (await reader.ReadAsync())
        {
            var role = Enum.Parse<KeyRole>(reader.GetString(2));
            found.Add(new(reader.GetString(0), reader.GetString(1), Roles.First(r => r.Value == role).Key, reader.GetValue(3) as string, reader.GetBoolean(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt32(7), reader.GetValue(6) as string));
        }

        return found;
    }

    /// <summary>Changes a password; all sessions of the operator end in the same transaction.</summary>
    public async Task<Refusal?> SetPasswordAsync(string name, string password)
    {
        if (CheckPassword(password) is { } wrong)
        {
            return wrong;
        }

        return await PersonAsync(name) is { } person
            ? new(AccessRefusals.OperatorPasswordInvalid, $"password: '{name}' has none; {person} signs in through the provider.")
            : await ChangeAsync(name, "password = $2", Hasher.HashPassword(name, password));
    }

    /// <summary>
    /// The operator whom a provider has just signed in, with the role and scope that it says now; null where the operator is disabled. Its name has a colon, so
    /// that no operator with a password can have it.
    /// </summary>
    /// <param name="person">Subject and provider.</param>
    public async Task<OperatorRecord?> ArriveAsync(string person, string displayName, KeyRole role, string? scope)
    {
        var name = $"sso:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person)))[..32]}";
        await using var command = database.CreateCommand(
            """
            insert into operator_account (name, display_name, role, scope, person, made_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (name) do update set display_name = excluded.display_name, role = excluded.role, scope = excluded.scope
              where not operator_account.is_disabled and operator_account.person = excluded.person
            returning name, display_name, role, scope, language, theme
            """);
        Statements.Add(command, name, displayName, role.ToString(), scope ?? (object)DBNull.Value, person, time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? Read(reader) : null;
    }

    /// <summary>Lets an operator in no more, or again; all sessions end in the same transaction.</summary>
    public Task<Refusal?> DisableAsync(string name, bool disabled) => ChangeAsync(name, "is_disabled = $2", disabled);

    /// <summary>Language and theme of the console for one operator.</summary>
    public async Task SetViewAsync(string name, string language, string theme)
    {
        await using var command = database.CreateCommand("update operator_account set language = $2, theme = $3 where name = $1");
        Statements.Add(command, name, language, theme);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<bool> AnyAsync()
    {
        await using var command = database.CreateCommand("select exists (select from operator_account)");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The operator whom name and password stand for; null for a wrong one of either, or one who is disabled.</summary>
    public async Task<OperatorRecord?> CheckAsync(string name, string password)
    {
        await using var command = database.CreateCommand(
            "select name, display_name, role, scope, language, theme, password, is_disabled from operator_account where name = $1");
        Statements.Add(command, name.Replace("\0", "", StringComparison.Ordinal));
        await using var reader = await command.ExecuteReaderAsync();
        var hash = await reader.ReadAsync() ? reader.GetValue(6) as string : null;
        await Hashing.WaitAsync();
        bool isRight;
        try
        {
            isRight = password.Length <= PasswordMaxLength
                && Hasher.VerifyHashedPassword(name, hash ?? NobodysHash, password) != PasswordVerificationResult.Failed;
        }
        finally
        {
            Hashing.Release();
        }

        return hash is not null && isRight && !reader.GetBoolean(7) ? Read(reader) : null;
    }

    /// <summary>Name, display name, role, scope, language and theme, in this order.</summary>
    public static OperatorRecord Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), Enum.Parse<KeyRole>(reader.GetString(2)), reader.GetValue(3) as string, reader.GetString(4),
        reader.GetString(5));

    /// <summary>Subject and provider of whom a provider signs in; null for any other name.</summary>
    private async Task<string?> PersonAsync(string name)
    {
        await using var command = database.CreateCommand("select person from operator_account where name = $1");
        Statements.Add(command, name);
        return await command.ExecuteScalarAsync() as string;
    }

    private async Task<Refusal?> ChangeAsync(string name, string change, object value)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var update = new NpgsqlCommand($"update operator_account set {change} where name = $1", connection, transaction);
        Statements.Add(update, name, value);
        if (await update.ExecuteNonQueryAsync() == 0)
        {
            return new(AccessRefusals.OperatorUnknown, $"There is no operator '{name}'.");
        }

        await using var end = new NpgsqlCommand("delete from operator_session where operator = $1", connection, transaction);
        Statements.Add(end, name);
        await end.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return null;
    }

    private static Refusal? CheckName(string? name) => name is not null && Name().IsMatch(name)
        ? null
        : new(AccessRefusals.OperatorNameInvalid, $"name: '{name}' is not 1 to 64 lower-case letters a to z, digits, dots, hyphens or underscores.");

    private static Refusal? CheckPassword(string? password) => password is { Length: >= PasswordMinLength and <= PasswordMaxLength }
        ? null
        : new(AccessRefusals.OperatorPasswordInvalid,
            $"password: it has {password?.Length ?? 0} characters; {PasswordMinLength} to {PasswordMaxLength} are needed.");

    [GeneratedRegex(@"\A[a-z0-9._-]{1,64}\z")]
    private static partial Regex Name();
}
