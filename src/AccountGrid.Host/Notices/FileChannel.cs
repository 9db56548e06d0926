using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Writes each message as a line of JSON to <c>notices.ndjson</c>, for trying out; it proves no delivery unless <see cref="NoticeOptions.FileProves"/> says so.
/// </summary>
internal sealed class FileChannel(DataFolder data, GridOptions options, NoticeOptions notices) : IMessageChannel
{
    private readonly string _path = Path.Combine(data.In(options.NoticeFolder), "notices.ndjson");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly System.Collections.Concurrent.ConcurrentQueue<Line> _lines = new();

    public string Name => "file";

    public TimeSpan Timeout => TimeSpan.FromSeconds(5);

    public bool IsOn => true;

    /// <summary>Lines that wait share one write to disk: whoever comes first writes for all.</summary>
    public async Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel)
    {
        var waiting = new Line([.. JsonSerializer.SerializeToUtf8Bytes(message, ChannelJson.Options), (byte)'\n']);
        _lines.Enqueue(waiting);
        await _gate.WaitAsync(cancel);
        try
        {
            if (!waiting.IsWritten)
            {
                await WriteAsync(cancel);
            }
        }
        finally
        {
            _gate.Release();
        }

        return waiting.IsWritten ? (notices.FileProves ? Delivery.Delivered : Delivery.Sent) : throw new IOException($"{_path} could not be written.");
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var some = new List<Line>();
        while (_lines.TryDequeue(out var line))
        {
            some.Add(line);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await using var file = new FileStream(_path, DataFolder.OwnFile(FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        await file.WriteAsync(some.SelectMany(l => l.Bytes).ToArray(), cancel);
        file.Flush(flushToDisk: true);
        some.ForEach(l => l.IsWritten = true);
    }

    private sealed class Line(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public bool IsWritten { get; set; }
    }
}
