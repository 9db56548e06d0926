using AccountGrid.Contracts;

namespace AccountGrid.Host.Security;

[GenerateSerializer]
[Alias("AccountGrid.StoredApiKey.v1")]
internal sealed class StoredApiKey
{
    [Id(0)] public ApiKeyRecord? Record { get; set; }
}
