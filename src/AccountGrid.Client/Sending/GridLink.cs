using Microsoft.Extensions.Logging;

namespace AccountGrid.Client.Sending;

/// <summary>Sends a gateway's requests until they are answered: whatever else happens is a reason to wait, never one to give up.</summary>
internal sealed partial class GridLink(
    GatewayOptions options, Func<HttpClient> http, ClockCheck clock, GatewayMetrics metrics, ILogger logger, TimeProvider time)
{
    private readonly Lock _telling = new();

    /// <summary>Why the last request was not answered; null where it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>The first answer of which <paramref name="read"/> makes something; it returns null for what is no answer to this request.</summary>
    public async Task<T> AskAsync<T>(Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<T?>> read, CancellationToken cancel)
        where T : class
    {
        var backoff = new Backoff(time, options.RetryFirst, options.RetryMost);
        while (true)
        {
            HttpResponseMessage? response = null;
            string problem;
            try
            {
                response = await SendAsync(make, cancel).ConfigureAwait(false);
                var received = time.GetUtcNow();
                if (await read(response, cancel).ConfigureAwait(false) is { } answer)
                {
                    clock.Observe(received, response.Headers.Date);
                    Tell(null);
                    response.Dispose();
                    return answer;
                }

                problem = (await GridException.ReadAsync(response, cancel).ConfigureAwait(false)).Message;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // Not sent, not answered, or answered by something that is not the grid, with whatever it may write.
                problem = e.GetBaseException().Message;
            }

            Tell(problem);
            using (response)
            {
                await Task.Delay(backoff.Next(response), time, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        using var request = make();
        var status = 0;
        try
        {
            var response = await http().SendAsync(request, cancel).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            metrics.Request(status);
        }
    }

    /// <summary>Each problem once, and once that it is over.</summary>
    public void Tell(string? problem)
    {
        lock (_telling)
        {
            if (problem == Problem)
            {
                return;
            }

            if (problem is null)
            {
                Answers(logger);
            }
            else
            {
                DoesNotAnswer(logger, problem);
            }

            Problem = problem;
        }
    }

    [LoggerMessage(9003, LogLevel.Warning, "The grid does not take the request; it is sent again. {Problem}")]
    private static partial void DoesNotAnswer(ILogger logger, string problem);

    [LoggerMessage(9004, LogLevel.Information, "The grid answers again.")]
    private static partial void Answers(ILogger logger);
}
