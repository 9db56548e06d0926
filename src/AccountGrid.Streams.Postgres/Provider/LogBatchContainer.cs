using System.Globalization;
using System.Text;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

/// <summary>One batch on its way to its subscribers. Its token is the position of its first record.</summary>
[GenerateSerializer, Immutable]
internal sealed class LogBatchContainer(LogBatch batch, string streamNamespace) : IBatchContainer
{
    [Id(0)]
    public LogBatch Batch { get; } = batch;

    [Id(1)]
    public string StreamNamespace { get; } = streamNamespace;

    public StreamId StreamId => LogStreams.StreamOf(Batch.Partition, StreamNamespace);

    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(Batch.FirstPosition);

    public static int PartitionOf(StreamId stream) =>
        int.TryParse(Encoding.UTF8.GetString(stream.Key.Span), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var partition) ? partition : -1;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => Batch is T batch ? [Tuple.Create(batch, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}
