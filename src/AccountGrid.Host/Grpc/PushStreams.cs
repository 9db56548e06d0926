using System.Threading.Channels;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Grpc.Core;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// Runs streams of batches. Some batches of a stream are under way at once, and are answered in the order in which they came. While so many are, nothing is
/// read, so that HTTP/2 itself holds the sender back.
/// </summary>
internal sealed class PushStreams(BatchIntake intake, Callers callers, RateLimits limits, TimeProvider time, IHostApplicationLifetime life)
{
    public OpenStreams Open { get; } = new();

    /// <summary>Returns when the sender has sent all and has its answers. Throws what ended the stream before, once all that could be was answered.</summary>
    public async Task RunAsync(IAsyncStreamReader<ReadingBatch> batches, IServerStreamWriter<BatchResult> answers, HttpContext http, int gateway)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        using var room = new SemaphoreSlim(GrpcLimits.BatchesAtOnce);
        var taken = Channel.CreateUnbounded<Task<BatchResult>>();
        var answering = AnswerAsync(taken.Reader, answers, room, end);
        Exception? ended = null;
        try
        {
            while (await NextAsync(batches, room, http, gateway, end.Token) is { } batch)
            {
                taken.Writer.TryWrite(intake.TakeWhenReadyAsync(batch, gateway, end.Token));
            }
        }
        catch (Exception e)
        {
            ended = e;
        }

        taken.Writer.Complete();
        await answering;
        if (ended is not null)
        {
            throw life.ApplicationStopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested && ended is not RpcException
                ? GrpcErrors.Of(
                    GridRefusals.Unavailable, "This process of the grid is stopping. Open a stream to another, and send what has no answer again.", 1)
                : ended;
        }
    }

    /// <summary>The next batch, once there is room for it and the caller may send it; null at the end.</summary>
    private async Task<ReadingBatch?> NextAsync(
        IAsyncStreamReader<ReadingBatch> batches, SemaphoreSlim room, HttpContext http, int gateway, CancellationToken cancel)
    {
        // Before anything is read: what is not read takes no memory.
        await room.WaitAsync(cancel);
        await limits.WaitAsync(http, time, cancel);
        if (!await batches.MoveNext(cancel))
        {
            return null;
        }

        var caller = ApiKeyHandler.Shown(http.Request) is { } shown ? await callers.FindAsync(shown) : null;
        return caller?.GatewayNumber() == gateway
            ? batches.Current
            : throw GrpcErrors.Of(AccessRefusals.KeyMissingOrUnknown, "The key is no longer in force.");
    }

    /// <summary>Writes the answers. Where one cannot be given, those behind it are not: their batches are sent again.</summary>
    private static async Task AnswerAsync(
        ChannelReader<Task<BatchResult>> taken, IServerStreamWriter<BatchResult> answers, SemaphoreSlim room, CancellationTokenSource end)
    {
        Exception? failed = null;
        await foreach (var batch in taken.ReadAllAsync())
        {
            try
            {
                var answer = await batch;
                if (failed is null)
                {
                    await answers.WriteAsync(answer);
                }
            }
            catch (Exception e)
            {
                failed ??= e;
                await end.CancelAsync();
            }

            room.Release();
        }

        if (failed is not null)
        {
            throw failed;
        }
    }
}
