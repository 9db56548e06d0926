namespace AccountGrid.Streams.Postgres;

/// <summary>What a commit wrote: its rows, and the position of each row's first record.</summary>
internal readonly record struct CommittedRows(GroupRows Rows, IReadOnlyList<long> Firsts);
