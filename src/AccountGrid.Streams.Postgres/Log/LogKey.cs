namespace AccountGrid.Streams.Postgres;

/// <summary>An idempotency key: unique per partition, with a hash of the body that it stands for.</summary>
public readonly record struct LogKey(string Key, byte[] BodyHash);
