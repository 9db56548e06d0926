using System.Security.Cryptography;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// 256 random bits that all processes of a grid share and nobody else has: kept in the database, sealed with the personal-data key, which is not there.
/// What needs a key takes one of its own from it by HKDF-SHA256 and a purpose, so that no key tells another.
/// </summary>
internal sealed class GridSecret
{
    private const int Bytes = 32;

    private readonly byte[] _secret;

    internal GridSecret(byte[] secret) => _secret = secret;

    /// <summary>
    /// Reads the grid's secret, or makes it where there is none; the seal is renewed where a new personal-data key is in front. Throws
    /// <see cref="StartException"/>.
    /// </summary>
    public static async Task<GridSecret> OpenAsync(string connectionString, PersonalData personal)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return await OpenAsync(connection, personal);
    }

    /// <summary>As above, for a verb that has the database open.</summary>
    public static async Task<GridSecret> OpenAsync(NpgsqlDataSource database, PersonalData personal)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await OpenAsync(connection, personal);
    }

    private static async Task<GridSecret> OpenAsync(NpgsqlConnection connection, PersonalData personal)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var make = new NpgsqlCommand("insert into grid_secret (sealed) values ($1) on conflict do nothing", connection, transaction))
        {
            Statements.Add(make, personal.Seal(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))));
            await make.ExecuteNonQueryAsync();
        }

        await using var find = new NpgsqlCommand("select sealed from grid_secret for update", connection, transaction);
        var kept = (string)(await find.ExecuteScalarAsync())!;
        var text = Unseal(kept, personal);
        if (!personal.IsSealedWithNewest(kept))
        {
            await using var renew = new NpgsqlCommand("update grid_secret set sealed = $1", connection, transaction);
            Statements.Add(renew, personal.Seal(text));
            await renew.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return new GridSecret(Convert.FromBase64String(text));
    }

    /// <summary>32 bytes for one purpose.</summary>
    public byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Bytes, info: System.Text.Encoding.UTF8.GetBytes(purpose));

    private static string Unseal(string text, PersonalData personal)
    {
        try
        {
            return personal.Unseal(text);
        }
        catch (CryptographicException e)
        {
            throw new StartException($"Security__PersonalDataKey: the grid's secret cannot be opened with it: {e.Message}");
        }
    }
}
