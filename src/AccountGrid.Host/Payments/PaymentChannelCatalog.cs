using System.Text.Json;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Payments;

/// <summary>Versions of payment channels. They are few and read at each request, so that what a person registers holds at once on every silo.</summary>
internal sealed class PaymentChannelCatalog(NpgsqlDataSource database, PaymentChannelOptions options)
{
    /// <summary>The version of a channel that is in force at an instant; null where there is none.</summary>
    public async Task<PaymentChannelDefinition?> FindAsync(string id, DateTimeOffset at)
    {
        // A version's first day begins in its own zone: those of the next day are asked for too.
        await using var connection = await database.OpenConnectionAsync();
        var versions = await connection.QueryAsync<string>(
            "select definition::text from payment_channel where id = @id and effective_from <= @day order by effective_from desc limit 3",
            new { id, day = DateOnly.FromDateTime(at.UtcDateTime).AddDays(1) });
        return versions.Select(Read).FirstOrDefault(d => d.EffectiveFrom <= PaymentChannelRules.LocalDay(d, at));
    }

    /// <summary>All versions of all channels, or of one, by id and first day.</summary>
    public async Task<IReadOnlyList<PaymentChannelDefinition>> ListAsync(string? id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var versions = await connection.QueryAsync<string>(
            "select definition::text from payment_channel where @id::text is null or id = @id order by id, effective_from",
            new { id });
        return [.. versions.Select(Read)];
    }

    /// <summary>
    /// Registers a version. The same content again is the same version; other content under its first day is refused, and so is another currency or zone than
    /// the channel's earlier versions have: the books of its days would change their meaning.
    /// </summary>
    public async Task<(bool Created, Refusal? Refusal)> RegisterAsync(PaymentChannelDefinition d)
    {
        if (PaymentChannelRules.Check(d, options.ProbeAllowPrivate) is { } wrong)
        {
            return (false, wrong);
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtext('payment_channel'))", transaction: transaction);
        var known = (await connection.QueryAsync<string>("select definition::text from payment_channel where id = @Id", new { d.Id }, transaction)).Select(Read)
            .ToList();
        if (known.FirstOrDefault(k => k.Currency != d.Currency || k.Zone != d.Zone || k.Kind != d.Kind) is { } other)
        {
            return (false, new(
                PaymentChannelRefusals.Immutable,
                $"kind, currency and zone: channel '{d.Id}' has {other.Kind}, {other.Currency} and {other.Zone}; a channel keeps them. Use another id."));
        }

        var text = JsonSerializer.Serialize(d, ApiJson.Options);
        if (known.Find(k => k.EffectiveFrom == d.EffectiveFrom) is { } same)
        {
            return JsonSerializer.Serialize(same, ApiJson.Options) == text
                ? (false, null)
                : (false, new(
                    PaymentChannelRefusals.Immutable,
                    $"effectiveFrom: channel '{d.Id}' has a version from {d.EffectiveFrom:yyyy-MM-dd} with other content; a version never changes. Use "
                        + "another day."));
        }

        await connection.ExecuteAsync(
            "insert into payment_channel (id, effective_from, definition) values (@Id, @EffectiveFrom, @text::jsonb)", new { d.Id, d.EffectiveFrom, text },
            transaction);
        await transaction.CommitAsync();
        return (true, null);
    }

    private static PaymentChannelDefinition Read(string json) => JsonSerializer.Deserialize<PaymentChannelDefinition>(json, ApiJson.Options)!;
}
