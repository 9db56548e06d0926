using Orleans.Concurrency;

namespace AccountGrid.Contracts;

/// <summary>What a caller is. The order is stored: add at the end only.</summary>
public enum KeyRole
{
    /// <summary>Pushes readings of its own meters, takes and reports relay commands.</summary>
    Gateway = 0,

    /// <summary>A company's own program: queries, payments, providers' reports.</summary>
    Client = 1,

    /// <summary>Everything.</summary>
    Administrator = 2,

    /// <summary>Works on the arrears of one area.</summary>
    Collector = 3,

    /// <summary>Looks after customers of their own.</summary>
    AccountManager = 4,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor = 5,

    /// <summary>One account's own holder, through a token that a client signed; never a key.</summary>
    Customer = 6,

    /// <summary>A payment channel: asks what can be paid, and pays.</summary>
    Channel = 7,
}

/// <summary>An API key, kept as a hash. Its grain key is the key's public id.</summary>
[Alias("AccountGrid.IApiKeyGrain")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>Stores a new key. False if the id is taken.</summary>
    [Alias("Create")]
    Task<bool> Create(ApiKeyRecord record);

    [Alias("Find")]
    Task<ApiKeyRecord?> Find();

    /// <summary>The key ends at an instant, UTC ms, or earlier if it was to end earlier.</summary>
    [Alias("EndAt")]
    Task EndAt(long ms);

    [Alias("Revoke")]
    Task Revoke();
}

/// <param name="Name">What the key is for.</param>
/// <param name="SecretHash">SHA-256 of the secret part.</param>
/// <param name="Gateway">The gateway that a gateway's key stands for; 0 for other roles.</param>
/// <param name="Scope">A collector's area, or an account manager's name as it stands at their customers; null for other roles.</param>
/// <param name="EndsMs">When it ends, UTC ms; 0 is never.</param>
/// <param name="TokenKey">A client's key for customers' tokens, sealed with the personal-data key; null for other roles.</param>
/// <param name="RotatedFrom">Public id of the first of the keys that were rotated to this one; null for a first key.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ApiKeyRecord.v1")]
public sealed record ApiKeyRecord(
    [property: Id(0)] KeyRole Role,
    [property: Id(1)] string Name,
    [property: Id(2)] byte[] SecretHash,
    [property: Id(3)] int Gateway,
    [property: Id(4)] long CreatedMs,
    [property: Id(5)] bool Revoked,
    [property: Id(6)] string? Scope = null,
    [property: Id(7)] long EndsMs = 0,
    [property: Id(8)] string? TokenKey = null,
    [property: Id(9)] string? RotatedFrom = null);
