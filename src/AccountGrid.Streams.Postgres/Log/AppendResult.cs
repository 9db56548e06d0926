namespace AccountGrid.Streams.Postgres;

/// <param name="FirstPosition">Position of the first record, dense and rising per partition.</param>
public readonly record struct AppendResult(int Partition, long FirstPosition, AppendOutcome Outcome);
