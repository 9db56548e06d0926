namespace AccountGrid.LoadTest.Commands;

public interface IMemoryProducer : IGrainWithIntegerKey
{
    Task Produce(byte[] payload);
}

[Orleans.Concurrency.Reentrant]
public sealed class MemoryProducer : Grain, IMemoryProducer
{
    public Task Produce(byte[] payload) =>
        this.GetStreamProvider("memory").GetStream<byte[]>(StreamId.Create("memory-events", this.GetPrimaryKeyLong())).OnNextAsync(payload);
}
