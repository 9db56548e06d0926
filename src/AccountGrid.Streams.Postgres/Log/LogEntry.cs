namespace AccountGrid.Streams.Postgres;

/// <summary>One append as it is read back.</summary>
[GenerateSerializer, Immutable]
public readonly record struct LogEntry([property: Id(0)] long FirstPosition, [property: Id(1)] int Count, [property: Id(2)] ReadOnlyMemory<byte> Payload);
