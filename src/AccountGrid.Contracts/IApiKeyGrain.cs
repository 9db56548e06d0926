using Orleans;

namespace AccountGrid.Contracts;

/// <summary>Who may do what. A gateway may only push, a client may query and pay, an administrator may do all.</summary>
public enum KeyRole
{
    Gateway = 0,
    Client = 1,
    Administrator = 2,
}

/// <summary>An API key, kept as a hash. Its grain key is the key's public id.</summary>
[Alias("AccountGrid.IApiKeyGrain")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>Stores a new key. False if the id is taken.</summary>
    [Alias("Create")]
    Task<bool> Create(ApiKeyRecord record);

    /// <summary>Null if there is no such key.</summary>
    [Alias("Find")]
    Task<ApiKeyRecord?> Find();

    [Alias("Revoke")]
    Task Revoke();
}

/// <param name="SecretHash">SHA-256 of the secret part.</param>
/// <param name="Gateway">The gateway that a gateway's key stands for; 0 for other roles.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ApiKeyRecord.v1")]
public sealed record ApiKeyRecord(
    [property: Id(0)] KeyRole Role,
    [property: Id(1)] string Name,
    [property: Id(2)] byte[] SecretHash,
    [property: Id(3)] int Gateway,
    [property: Id(4)] long CreatedMs,
    [property: Id(5)] bool Revoked);
