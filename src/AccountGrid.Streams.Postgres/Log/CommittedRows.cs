namespace AccountGrid.Streams.Postgres;

/// <summary>What a commit wrote: its rows, the position of each row's first record, and the timeline of the server.</summary>
internal readonly record struct CommittedRows(GroupRows Rows, IReadOnlyList<long> Firsts, int Timeline);
