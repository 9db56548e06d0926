namespace AccountGrid.Contracts;

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
