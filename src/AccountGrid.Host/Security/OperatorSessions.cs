using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Who is signed in at the console. A session is 256 random bits in the browser's cookie; the database has their SHA-256. It is looked up at each request, so
/// that a revocation holds at once on every silo.
/// </summary>
internal sealed class OperatorSessions(NpgsqlDataSource database, GridSecret secret, SecurityOptions options, TimeProvider time)
{
    public const string SchemeName = "Session";

    /// <summary>The language that an operator has chosen, or none.</summary>
    public const string LanguageClaim = "language";

    public const string ThemeClaim = "theme";

    /// <summary>What forms of this session carry. (See <see cref="FormToken"/>.)</summary>
    public const string FormClaim = "form";

    /// <summary>The name of the operator's row.</summary>
    private const string NameClaim = "operator";

    /// <summary>Why all cuts are stopped, where they are: every page says so, and asks with its session.</summary>
    public const string CutsClaim = "cuts";

    /// <summary>A working day and its evening.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(12);

    /// <summary>
    /// Whom a provider signed in is asked for again after this long, so that whoever it no longer knows is out; while they are signed in there, a browser goes
    /// there and back without being asked for anything.
    /// </summary>
    private static readonly TimeSpan ProviderLifeMax = TimeSpan.FromHours(2);

    private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);

    /// <summary>A session's last use is written this often at most.</summary>
    private static readonly TimeSpan SeenAgain = TimeSpan.FromMinutes(1);

    /// <summary>How long a wrong password counts.</summary>
    private static readonly TimeSpan WrongCounts = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords of one name from one address. With that name, others can still sign in from elsewhere.</summary>
    private const int WrongOfNameMax = 5;

    /// <summary>Wrong passwords from one address, whatever the names: a whole office can have one address.</summary>
    private const int WrongOfAddressMax = 50;

    private readonly byte[] _formKey = secret.KeyFor("console-forms");

    /// <summary>
    /// Whether one more password may be tried, which counts as wrong until <see cref="BeginAsync"/>: all silos count together, and no two attempts see the same
    /// number. Names are kept as hashes, since people type passwords there.
    /// </summary>
    public async Task<bool> MayTryAsync(string name, string address)
    {
        await using var command = database.CreateCommand(
            """
            with tried as (insert into operator_sign_in (operator, address, at) values ($1, $2, $3) returning id)
            select count(*) filter (where operator = $1), count(*) from operator_sign_in, tried
            where address = $2 and at > $4 and operator_sign_in.id < tried.id
            """);
        Statements.Add(command, HashOf(name), address, time.GetUtcNow(), time.GetUtcNow() - WrongCounts);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0) < WrongOfNameMax && reader.GetInt64(1) < WrongOfAddressMax;
    }

    /// <summary>
    /// Signs an operator in; the token that its browser keeps, which stands for nobody where the operator was disabled meanwhile. Sessions and wrong passwords
    /// that are over are forgotten.
    /// </summary>
    public async Task<string> BeginAsync(string name, string address)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statements.Of("delete from operator_session where ends_at < $1 or seen_at < $2", now, now - IdleMax));
        batch.BatchCommands.Add(Statements.Of("delete from operator_sign_in where at < $1 or (operator = $2 and address = $3)", now - WrongCounts,
            HashOf(name), address));
        batch.BatchCommands.Add(Statements.Of(
            """
            insert into operator_session (token_hash, operator, made_at, seen_at, ends_at)
            select $1, name, $3, $3, case when person is null then $4 else $5 end from operator_account where name = $2 and not is_disabled for share
            """,
            HashOf(token), name, now, now + LifeMax, now + ProviderLifeMax));
        await batch.ExecuteNonQueryAsync();
        return token;
    }

    public async Task EndAsync(string token)
    {
        await using var command = database.CreateCommand("delete from operator_session where token_hash = $1");
        Statements.Add(command, HashOf(token));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Who a token stands for; null where the session is over, was ended, or never was, or where its provider is no longer this grid's. One statement.
    /// </summary>
    /// <param name="isUse">False does not prolong the session: nobody did anything.</param>
    public async Task<ClaimsPrincipal?> FindAsync(string token, bool isUse = true)
    {
        var (now, hash) = (time.GetUtcNow(), HashOf(token));
        await using var command = database.CreateCommand(
            """
            with found as (
              select o.name, o.display_name, o.role, o.scope, o.language, o.theme, s.ends_at, s.seen_at, o.person
              from operator_session s join operator_account o on o.name = s.operator
              where s.token_hash = $1 and s.ends_at > $2 and s.seen_at > $3 and not o.is_disabled and (o.person is null or $5)),
            seen as (update operator_session set seen_at = $2 where token_hash = $1 and exists (select from found where seen_at < $4))
            select name, display_name, role, scope, language, theme, ends_at, (select coalesce(reason, '') from operation where cuts_stopped), person from found
            """);
        Statements.Add(command, hash, now, now - IdleMax, now - (isUse ? SeenAgain : IdleMax), options.Oidc.IsForBrowsers);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        var person = OperatorStore.Read(reader);
        var identity = ApiKeyHandler.Identity(SchemeName, person.Role, person.DisplayName,
            reader.GetValue(8) as string ?? $"operator {person.Name}", 0, person.Scope, reader.GetFieldValue<DateTime>(6).ToUniversalTime());
        identity.AddClaim(new(NameClaim, person.Name));
        identity.AddClaim(new(LanguageClaim, person.Language));
        identity.AddClaim(new(ThemeClaim, person.Theme));
        identity.AddClaim(new(FormClaim, FormToken(token)));
        if (reader.GetValue(7) is string stopped)
        {
            identity.AddClaim(new(CutsClaim, stopped));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The name under which an operator is kept; null for any other caller.</summary>
    public static string? NameOf(ClaimsPrincipal user) => user.Identity?.AuthenticationType == SchemeName ? user.FindFirstValue(NameClaim) : null;

    /// <summary>Whether a provider signed the operator in.</summary>
    public static bool IsOfProvider(ClaimsPrincipal user) => NameOf(user)?.StartsWith("sso:", StringComparison.Ordinal) == true;

    /// <summary>What a form of a session carries, so that no other site can make the browser send one: a keyed hash of the session's token.</summary>
    public string FormToken(string token) => Convert.ToHexStringLower(HMACSHA256.HashData(_formKey, Encoding.ASCII.GetBytes(token)));

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
