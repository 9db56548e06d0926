using AccountGrid.Streams.Postgres;

namespace AccountGrid.Streams.Tests;

public interface IProducerGrain : IGrainWithIntegerKey
{
    Task Produce(int partition, byte[] payload);
}

public sealed class ProducerGrain : Grain, IProducerGrain
{
    public Task Produce(int partition, byte[] payload) => this.GetStreamProvider("log").GetStream<byte[]>(LogStreams.StreamOf(partition)).OnNextAsync(payload);
}
