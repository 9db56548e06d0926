// A gateway over gRPC, without any of the grid's packages: readings.proto is all that it knows; docs/grpc.md tells the whole story.
// It takes lines "meter,instant,Wh" from standard input, ten to a batch, and keeps each batch until it is answered.
//   dotnet run --project examples/AccountGrid.Examples.GrpcGateway -- http://127.0.0.1:5081 KEY < readings.csv
using System.Collections.Concurrent;
using System.Globalization;
using AccountGrid.Host.Grpc;
using Grpc.Core;
using Grpc.Net.Client;

using var channel = GrpcChannel.ForAddress(args[0]);
var client = new ReadingService.ReadingServiceClient(channel);
var headers = new Metadata { { "authorization", $"Bearer {args[1]}" } };
var unanswered = new ConcurrentQueue<ReadingBatch>();
var (sent, hasEnded) = (0, false);
while (!hasEnded || !unanswered.IsEmpty)
{
    using var stream = client.PushStream(headers);
    var answering = AnswersAsync(stream.ResponseStream);
    try
    {
        foreach (var batch in unanswered.ToArray())
        {
            await stream.RequestStream.WriteAsync(batch);
        }

        while (!hasEnded && NextBatch() is { } batch)
        {
            unanswered.Enqueue(batch);
            await stream.RequestStream.WriteAsync(batch);
        }

        await stream.RequestStream.CompleteAsync();
        await answering;
    }
    catch (Exception e) when (e is IOException or InvalidOperationException
        or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Internal })
    {
        // A write finds a connection that is gone, or a call that has ended, before the status comes.
        // The answers that have come still count; then all that has none goes through a new stream.
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.WriteLine($"{unanswered.Count} batches wait: {e.Message}");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
    }
}

async Task AnswersAsync(IAsyncStreamReader<BatchResult> answers)
{
    // In the order of the batches.
    await foreach (var answer in answers.ReadAllAsync())
    {
        unanswered.TryDequeue(out _);
        Console.WriteLine($"batch {answer.BatchId}: {answer.Accepted} accepted, {answer.Rejected} rejected {answer.Refused?.Detail}");
        foreach (var error in answer.Errors)
        {
            Console.WriteLine($"  reading {error.Index}: {error.Code}: {error.Detail} ({error.Resend})");
        }
    }
}

ReadingBatch? NextBatch()
{
    var batch = new ReadingBatch { BatchId = $"{++sent}" };
    while (batch.Value.Count < 10 && Console.ReadLine() is { Length: > 0 } line)
    {
        var parts = line.Split(',');
        var ms = DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        batch.BaseTimeMs = batch.Value.Count == 0 ? ms : batch.BaseTimeMs;
        batch.MeterIndex.Add((uint)batch.Meters.Count);
        batch.Meters.Add(parts[0]);
        batch.TimeDeltaMs.Add(ms - batch.BaseTimeMs);
        batch.Value.Add(long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    hasEnded = batch.Value.Count < 10;
    return batch.Value.Count > 0 ? batch : null;
}
