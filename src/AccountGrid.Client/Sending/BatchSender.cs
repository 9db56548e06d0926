using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Client.Sending;

/// <summary>
/// Sends lines until each is taken, kept for later or given back. A batch that the grid does not take as a whole is halved until the line is found that it does
/// not take. Only what the grid itself says of a batch counts: a key that ended or a proxy's page loses no reading.
/// </summary>
internal sealed partial class BatchSender(
    GatewayOptions options, GridLink link, Func<List<byte[]>, bool, CancellationToken, Task<bool>> keepForLater, GatewayMetrics metrics, ILogger logger)
{
    /// <summary>What the grid says of a whole batch that smaller ones do not get.</summary>
    private static readonly string[] OfWholeBatch = ["body.too_large", "batch.too_many_items", "body.json_invalid"];

    /// <param name="lines">What to send.</param>
    /// <param name="isAgain">They were kept for later before.</param>
    /// <param name="cancel">Ends it; what is not settled is to be sent again.</param>
    public async Task SendAsync(IReadOnlyList<byte[]> lines, bool isAgain, CancellationToken cancel)
    {
        var parts = new Stack<(int From, int Count)>([(0, lines.Count)]);
        while (parts.TryPop(out var part))
        {
            var some = lines.Skip(part.From).Take(part.Count).ToList();
            var reply = await PushAsync(some, cancel).ConfigureAwait(false);
            if (reply.Answer is not null)
            {
                await SettleAsync(some, isAgain, reply.Answer, cancel).ConfigureAwait(false);
            }
            else if (part.Count == 1)
            {
                metrics.Readings("rejected", 1);
                await GiveBackAsync(some[0], new PushError(1, reply.Refusal!.Code, reply.Refusal.Detail, "corrected"), cancel).ConfigureAwait(false);
            }
            else
            {
                var half = part.Count / 2;
                parts.Push((part.From + half, part.Count - half));
                parts.Push((part.From, half));
            }
        }
    }

    private Task<PushReply> PushAsync(List<byte[]> lines, CancellationToken cancel)
    {
        var body = Pack(lines);
        HttpRequestMessage Make()
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/x-ndjson");
            content.Headers.ContentEncoding.Add("gzip");
            return new HttpRequestMessage(HttpMethod.Post, "/v1/readings") { Content = content };
        }

        return link.AskAsync(Make, (response, end) => ReadAsync(response, lines.Count, end), cancel);
    }

    /// <summary>Null for what is no answer of the grid to this batch.</summary>
    private static async Task<PushReply?> ReadAsync(HttpResponseMessage response, int lines, CancellationToken cancel)
    {
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity)
        {
            // Buffered by the client: it can be read again as a problem.
            var text = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
            return JsonSerializer.Deserialize(text, ClientJson.Default.PushAnswer) is { Errors: not null } answer && IsOf(answer, lines)
                ? new PushReply(answer, null)
                : null;
        }

        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
            && await GridException.ReadAsync(response, cancel).ConfigureAwait(false) is var refusal && OfWholeBatch.Contains(refusal.Code)
                ? new PushReply(null, refusal)
                : null;
    }

    /// <summary>Whether an answer says of each line what became of it.</summary>
    private static bool IsOf(PushAnswer answer, int lines) =>
        answer.Accepted + answer.Duplicates + answer.Rejected == lines && answer.Errors.Count == answer.Rejected
            && answer.Errors.All(e => e.Line >= 1 && e.Line <= lines) && answer.Errors.DistinctBy(e => e.Line).Count() == answer.Rejected;

    private async Task SettleAsync(List<byte[]> lines, bool isAgain, PushAnswer answer, CancellationToken cancel)
    {
        metrics.Readings("accepted", answer.Accepted);
        metrics.Readings("duplicate", answer.Duplicates);
        var later = answer.Errors.Where(e => e.Resend == PushError.Later).ToList();
        if (later.Count > 0)
        {
            if (await keepForLater([.. later.Select(e => lines[e.Line - 1])], isAgain, cancel).ConfigureAwait(false))
            {
                metrics.Readings("later", later.Count);
                KeptForLater(logger, later.Count, later[0].Code, later[0].Detail);
                later.Clear();
            }
        }

        foreach (var error in answer.Errors.Where(e => e.Resend != PushError.Later).Concat(later))
        {
            metrics.Readings("rejected", 1);
            await GiveBackAsync(lines[error.Line - 1], error, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Until the caller has it.</summary>
    private async Task GiveBackAsync(byte[] line, PushError error, CancellationToken cancel)
    {
        var rejected = new RejectedReading(ReadingLine.Read(line), error.Code, error.Detail, error.Resend);
        var backoff = new Backoff(TimeProvider.System, options.RetryFirst, options.RetryMost);
        while (true)
        {
            try
            {
                await options.OnRejected!(rejected, cancel).ConfigureAwait(false);
                link.Tell(null);
                return;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                HandlerFailed(logger, rejected.Code, e);
                link.Tell($"OnRejected failed: {e.Message}");
            }

            await Task.Delay(backoff.Next(null), TimeProvider.System, cancel).ConfigureAwait(false);
        }
    }

    private static byte[] Pack(List<byte[]> lines)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            foreach (var line in lines)
            {
                gzip.Write(line);
                gzip.WriteByte((byte)'\n');
            }
        }

        return packed.ToArray();
    }

    [LoggerMessage(9005, LogLevel.Warning, "{Count} readings are kept and sent again later. The first: {Code}: {Detail}")]
    private static partial void KeptForLater(ILogger logger, int count, string code, string detail);

    [LoggerMessage(9006, LogLevel.Error, "OnRejected failed with a reading that was rejected with {Code}; it is given to it again.")]
    private static partial void HandlerFailed(ILogger logger, string code, Exception cause);

    private sealed record PushReply(PushAnswer? Answer, GridException? Refusal);
}
