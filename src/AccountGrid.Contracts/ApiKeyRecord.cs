namespace AccountGrid.Contracts;

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
