namespace AccountGrid.Client;

/// <summary>Reads another stream, and cancels where nothing comes for too long: comments count, which a reader of events does not see.</summary>
internal sealed class WatchedStream : Stream
{
    private readonly Stream _inner;
    private readonly TimeSpan _silence;
    private readonly ITimer _timer;

    public WatchedStream(Stream inner, TimeProvider time, TimeSpan silence, CancellationTokenSource cancel)
    {
        (_inner, _silence) = (inner, silence);
        _timer = time.CreateTimer(_ => cancel.Cancel(), null, silence, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _timer.Change(_silence, Timeout.InfiniteTimeSpan);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
