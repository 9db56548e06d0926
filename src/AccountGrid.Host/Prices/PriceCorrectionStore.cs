using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Prices;

/// <summary>Corrections of prices that wait for a second person, and those that had one.</summary>
internal sealed class PriceCorrectionStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Keeps a correction. The same request of the same person for the same series is the same correction until it is agreed to.</summary>
    public async Task<PriceCorrectionAnswer> AskAsync(string series, PublishPricesRequest body, string person, int latest)
    {
        var text = JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"price-correction\n{series}\n{person}\n{latest}\n{text}")).AsSpan(0, 16));
        await using var command = database.CreateCommand(
            "insert into price_correction (id, series, body, asked_by, asked_at) values ($1, $2, $3, $4, $5) on conflict do nothing");
        Statements.Add(command, id, series, text, person, time.GetUtcNow());
        await command.ExecuteNonQueryAsync();
        return (await FindAsync(id))!;
    }

    /// <summary>Null where there is no such correction.</summary>
    public async Task<PriceCorrectionAnswer?> FindAsync(Guid id)
    {
        await using var command = database.CreateCommand(
            "select series, body, asked_by, asked_at, agreed_by, publication from price_correction where id = $1");
        Statements.Add(command, id);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return null;
        }

        var (series, body, person) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
        return new(
            id, series, JsonSerializer.Deserialize<PublishPricesRequest>(body, JsonSerializerOptions.Web)!, person, reader.GetFieldValue<DateTimeOffset>(3),
            Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { series, body, person }))),
            reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetInt32(5));
    }

    /// <summary>Notes who agreed: another person than the one who asked, and the first who does.</summary>
    /// <returns>Whether it was the person.</returns>
    public async Task<bool> AgreeAsync(Guid id, string person)
    {
        await using var command = database.CreateCommand(
            "update price_correction set agreed_by = $2 where id = $1 and asked_by <> $2 and coalesce(agreed_by, $2) = $2");
        Statements.Add(command, id, person);
        return await command.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Notes what came of it.</summary>
    public async Task FinishAsync(Guid id, int publication)
    {
        await using var command = database.CreateCommand("update price_correction set publication = $2 where id = $1 and publication is null");
        Statements.Add(command, id, publication);
        await command.ExecuteNonQueryAsync();
    }
}
