namespace AccountGrid.Streams.Postgres;

internal readonly record struct LogKeyUse(int Partition, LogKey Key);
