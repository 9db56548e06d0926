using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Seals customers' numbers and addresses: AES-256-GCM under a key from the configuration, <c>sealed:</c> and base64 of the key's id (4 bytes), nonce (12),
/// tag (16) and text. Several keys can be read, the first one writes. Every process of a grid must have the same: a key that the grid does not know is
/// refused at the start.
/// </summary>
internal sealed class PersonalData
{
    private const string Prefix = "sealed:";
    private const string FileName = "personal-data.key";
    private const int IdBytes = 4;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly List<(byte[] Id, byte[] Key)> _keys;

    private PersonalData(List<(byte[] Id, byte[] Key)> keys) => _keys = keys;

    /// <summary>Whether there is a key, configured or in the data folder.</summary>
    public static bool HasKey(SecurityOptions options, DataFolder data) =>
        options.PersonalDataKey.Length > 0 || options.PersonalDataKeyFile.Length > 0 || File.Exists(data.In(FileName));

    /// <summary>Reads the keys, or makes one in the data folder where none is configured. Throws <see cref="StartException"/>.</summary>
    public static PersonalData Open(SecurityOptions options, DataFolder data)
    {
        var text = options.PersonalDataKey;
        if (options.PersonalDataKeyFile.Length > 0)
        {
            text = File.Exists(options.PersonalDataKeyFile)
                ? File.ReadAllText(options.PersonalDataKeyFile)
                : throw new StartException($"Security__PersonalDataKeyFile: there is no file {options.PersonalDataKeyFile}.");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            var file = data.In(FileName);
            if (!File.Exists(file))
            {
                using var writer = new StreamWriter(file, DataFolder.OwnFile(FileMode.CreateNew, FileAccess.Write));
                writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            }

            text = File.ReadAllText(file);
        }

        var keys = new List<(byte[], byte[])>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var key = new byte[64];
            if (!Convert.TryFromBase64String(word, key, out var length) || length != 32)
            {
                throw new StartException("Security__PersonalDataKey: a key is not base64 of 32 bytes.");
            }

            keys.Add((SHA256.HashData(key.AsSpan(0, 32))[..IdBytes], key[..32]));
        }

        return new PersonalData(keys);
    }

    /// <summary>Tells the grid its key, or finds that it is another than the grid's. Throws <see cref="StartException"/>.</summary>
    public async Task CheckAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();

        // Silos that start together must not each find the table empty and each enter a key of its own.
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var alone = new NpgsqlCommand("lock table personal_data_key in share row exclusive mode", connection, transaction))
        {
            await alone.ExecuteNonQueryAsync();
        }

        var (id, key) = _keys[0];
        await using var add = new NpgsqlCommand(
            "insert into personal_data_key (id, proof) select $1, $2 where not exists (select from personal_data_key) or exists (select from "
                + "personal_data_key where id = any($3)) on conflict do nothing", connection, transaction);
        Statements.Add(add, id, HMACSHA256.HashData(key, "accountgrid"u8), _keys.Select(k => k.Id).ToArray());
        await add.ExecuteNonQueryAsync();
        await using var find = new NpgsqlCommand("select exists (select from personal_data_key where id = $1 and proof = $2)", connection, transaction);
        Statements.Add(find, id, HMACSHA256.HashData(key, "accountgrid"u8));
        var isKnown = (bool)(await find.ExecuteScalarAsync())!;
        await transaction.CommitAsync();
        if (!isKnown)
        {
            throw new StartException(
                "Security__PersonalDataKey: this grid's personal data is sealed with another key. Give every process the same (another process's is in its "
                    + "data folder, personal-data.key); a new key goes in front of the old one, with a space between.");
        }
    }

    public string Seal(string text)
    {
        if (text.Length == 0 || IsSealed(text))
        {
            return text;
        }

        var (id, key) = _keys[0];
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[IdBytes + NonceBytes + TagBytes + plain.Length];
        id.CopyTo(sealedBytes, 0);
        var nonce = sealedBytes.AsSpan(IdBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(IdBytes + NonceBytes + TagBytes), sealedBytes.AsSpan(IdBytes + NonceBytes, TagBytes));
        return Prefix + Convert.ToBase64String(sealedBytes);
    }

    /// <summary>
    /// What was sealed; nothing is sealed as nothing. Throws <see cref="CryptographicException"/> for an unknown key, for changed bytes, and for what is not
    /// sealed.
    /// </summary>
    public string Unseal(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (!IsSealed(text))
        {
            throw new CryptographicException("Personal data is not sealed.");
        }

        var bytes = Convert.FromBase64String(text[Prefix.Length..]);
        var found = _keys.FindIndex(k => bytes.AsSpan(0, IdBytes).SequenceEqual(k.Id));
        if (found < 0)
        {
            throw new CryptographicException(
                $"Personal data is sealed with key {Convert.ToHexStringLower(bytes.AsSpan(0, IdBytes))}, which this process does not have.");
        }

        var plain = new byte[bytes.Length - IdBytes - NonceBytes - TagBytes];
        using var aes = new AesGcm(_keys[found].Key, TagBytes);
        aes.Decrypt(bytes.AsSpan(IdBytes, NonceBytes), bytes.AsSpan(IdBytes + NonceBytes + TagBytes), bytes.AsSpan(IdBytes + NonceBytes, TagBytes), plain);
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>Whether a seal is the first key's, which writes.</summary>
    public bool IsSealedWithNewest(string text) =>
        IsSealed(text) && Convert.FromBase64String(text[Prefix.Length..]).AsSpan(0, IdBytes).SequenceEqual(_keys[0].Id);

    /// <summary>As those see it who need not know it: the first three and last four of a number, the first letter and the host of an address.</summary>
    public static string Mask(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length == 0 ? "" : at > 0 ? $"{text[0]}***{text[at..]}" : text.Length >= 8 ? $"{text[..3]}****{text[^4..]}" : "****";
    }

    /// <summary>Whether a text is what sealing makes; nobody may give one as their number.</summary>
    public static bool IsSealed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);
}
