namespace AccountGrid.Streams.Postgres;

/// <summary>Rows of one commit, column by column as unnest wants them.</summary>
internal sealed class GroupRows
{
    public List<int> Partitions { get; } = [];

    public List<long> Firsts { get; } = [];

    public List<int> Counts { get; } = [];

    public List<byte[]> Payloads { get; } = [];

    public List<(int Partition, LogKey Key, long Position)> NewKeys { get; } = [];

    public void Add(int partition, long first, int count, byte[] payload)
    {
        Partitions.Add(partition);
        Firsts.Add(first);
        Counts.Add(count);
        Payloads.Add(payload);
    }
}
