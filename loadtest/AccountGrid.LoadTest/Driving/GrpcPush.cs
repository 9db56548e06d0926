using System.Buffers.Text;
using System.Net;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Ingest;
using AccountGrid.LoadTest.Fleet;
using Grpc.Core;
using Grpc.Net.Client;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// Pushes over gRPC: each gateway has a stream of its own, which stays open, and sends the lines of its batch as columns. One caller at a time for each
/// gateway.
/// </summary>
internal sealed class GrpcPush(string url, IReadOnlyList<string> keys, MeterFleet fleet) : IDisposable
{
    /// <summary>A stream that has failed is opened again so much later.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        url, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });

    private readonly (AsyncDuplexStreamingCall<ReadingBatch, BatchResult> Stream, ReadingBatch Batch)?[] _gateways =
        new (AsyncDuplexStreamingCall<ReadingBatch, BatchResult>, ReadingBatch)?[fleet.Gateways];

    public async Task<PushOutcome> PushAsync(int gateway, LineBuffer lines, CancellationToken cancel)
    {
        var (stream, batch) = _gateways[gateway] ??= Open(gateway);
        try
        {
            Fill(batch, lines, fleet.Options.First + fleet.MetersOf(gateway).From);
            await stream.RequestStream.WriteAsync(batch, cancel);
            if (await stream.ResponseStream.MoveNext(cancel))
            {
                return new PushOutcome(AnswerOf(stream.ResponseStream.Current), HttpStatusCode.OK, default);
            }
        }
        catch (Exception e) when (e is IOException
            or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal or StatusCode.ResourceExhausted })
        {
            // As of a connection that is lost: what was sent is sent again.
        }

        stream.Dispose();
        _gateways[gateway] = null;
        return new PushOutcome(null, HttpStatusCode.ServiceUnavailable, RetryAfter);
    }

    public void Dispose()
    {
        foreach (var gateway in _gateways)
        {
            gateway?.Stream.Dispose();
        }

        _channel.Dispose();
    }

    /// <summary>Reads lines back that <see cref="LineBuffer.Add"/> has written.</summary>
    /// <param name="first">Number of the gateway's first meter.</param>
    internal static void Fill(ReadingBatch batch, LineBuffer lines, int first)
    {
        batch.MeterIndex.Clear();
        batch.TimeDeltaMs.Clear();
        batch.Value.Clear();
        batch.BaseTimeMs = 0;
        var rest = lines.Written.Span;
        while (rest.Length > 0)
        {
            var number = rest.IndexOf("\",\"ts\":"u8);
            Utf8Parser.TryParse(rest[(number - 7)..number], out int meter, out _);
            rest = rest[(number + "\",\"ts\":"u8.Length)..];
            Utf8Parser.TryParse(rest, out long ms, out var read);
            rest = rest[(read + ",\"value\":"u8.Length)..];
            Utf8Parser.TryParse(rest, out long wh, out read);
            rest = rest[(read + "}\n"u8.Length)..];
            batch.BaseTimeMs = batch.BaseTimeMs == 0 ? ms : batch.BaseTimeMs;
            batch.MeterIndex.Add((uint)(meter - first));
            batch.TimeDeltaMs.Add(ms - batch.BaseTimeMs);
            batch.Value.Add(wh);
        }
    }

    private static BatchAnswer AnswerOf(BatchResult result) => result.Refused is { } refused
        ? throw new InvalidOperationException($"The target refused a batch: {refused.Code}: {refused.Detail}")
        : new BatchAnswer(result.BatchId, (int)result.Accepted, (int)result.Duplicates, (int)result.Rejected,
            [.. result.Errors.Select(e => new ReadingError((int)e.Index + 1, e.Code, e.Detail, e.Resend.ToString().ToLowerInvariant()))]);

    private (AsyncDuplexStreamingCall<ReadingBatch, BatchResult>, ReadingBatch) Open(int gateway)
    {
        var (from, to) = fleet.MetersOf(gateway);
        var batch = new ReadingBatch();
        batch.Meters.Add(Enumerable.Range(from, to - from).Select(fleet.MeterId));
        return (new ReadingService.ReadingServiceClient(_channel).PushStream(new Metadata { { "authorization", $"Bearer {keys[gateway]}" } }), batch);
    }
}
