using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Client.Sending;

/// <summary>
/// Asks for relay commands, has them carried out, several meters at once, and reports what meters confirm. It goes on asking meanwhile: a restore waits for no
/// cut. What is not confirmed the grid gives again, as long as it holds.
/// </summary>
internal sealed partial class RelayLoop(
    GatewayOptions options, GridLink link, ClockCheck clock, GatewayMetrics metrics, ILogger logger, TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long the grid may wait for a command before it answers that there is none; it allows 60 s, and proxies often end what is silent for 60.
    /// </summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(50);

    /// <summary>A cut that is older is not begun: the grid may have taken it back, and gives it again after 5 s where it has not.</summary>
    private static readonly TimeSpan CutAgeMax = TimeSpan.FromSeconds(10);

    /// <summary>Meters that are spoken to at once, to restore and to cut.</summary>
    private const int AtOnce = 8;

    /// <summary>Characters of a malformed command that are logged.</summary>
    private const int LoggedMax = 200;

    private readonly string _path = $"/v1/gateways/{Uri.EscapeDataString(options.Gateway!)}";

    /// <summary>Meters whose command is not done: until its OnRelay has ended, however late.</summary>
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private readonly SemaphoreSlim _restores = new(AtOnce);
    private readonly SemaphoreSlim _cuts = new(AtOnce);

    public async Task RunAsync(CancellationToken cancel)
    {
        var wait = (int)Math.Min((options.RequestTimeout / 2).TotalSeconds, WaitMax.TotalSeconds);
        var backoff = new Backoff(time, options.RetryFirst, options.RetryMost);
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    if (await TakeAsync(wait, cancel).ConfigureAwait(false))
                    {
                        backoff.Succeeded();
                        continue;
                    }
                }
                catch (Exception e) when (!cancel.IsCancellationRequested)
                {
                    metrics.Relay("error");
                    LoopFailed(logger, e);
                }

                await Task.Delay(backoff.Next(null), time, cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _restores.Dispose();
        _cuts.Dispose();
    }

    /// <summary>Begins what the grid gives; false where nothing of it can be understood.</summary>
    private async Task<bool> TakeAsync(int wait, CancellationToken cancel)
    {
        var list = await link.AskAsync(
            () => new HttpRequestMessage(HttpMethod.Get, $"{_path}/commands?wait={wait}"),
            async (response, end) => response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync(ClientJson.Default.RelayCommandList, end).ConfigureAwait(false)
                : null, cancel).ConfigureAwait(false);
        var commands = list.Commands.Select(Read).OfType<RelayCommandLine>().ToList();
        commands.ForEach(c => Begin(c, time.GetTimestamp(), cancel));
        return commands.Count > 0 || list.Commands.Count == 0;
    }

    /// <summary>Null for what is no command, which keeps no other one waiting.</summary>
    private RelayCommandLine? Read(JsonElement command)
    {
        try
        {
            if (command.Deserialize(ClientJson.Default.RelayCommandLine) is { Meter.Length: > 0, Action: not null } line)
            {
                return line;
            }
        }
        catch (JsonException)
        {
            // Is told below.
        }

        metrics.Relay("malformed");
        var text = command.GetRawText();
        Malformed(logger, text.Length > LoggedMax ? text[..LoggedMax] : text);
        return null;
    }

    /// <summary>A meter that is being spoken to gets its next command when the grid gives it again.</summary>
    private void Begin(RelayCommandLine command, long received, CancellationToken cancel)
    {
        if (_running.ContainsKey(command.Meter))
        {
            return;
        }

        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[command.Meter] = RunAsync();
        begun.SetResult();

        async Task RunAsync()
        {
            await begun.Task.ConfigureAwait(false);
            Task? late = null;
            try
            {
                late = await DoInTurnAsync(command, received, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                metrics.Relay("failed");
                CommandFailed(logger, command.Meter, command.Sequence, e);
            }
            finally
            {
                _ = EndAsync(command.Meter, late ?? Task.CompletedTask);
            }
        }
    }

    /// <summary>Two commands at one meter at once could come to it in the wrong order, and leave it cut off when the grid has it restored.</summary>
    private async Task EndAsync(string meter, Task carried)
    {
        await carried.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.TryRemove(meter, out _);
    }

    /// <summary>As <see cref="DoAsync"/>.</summary>
    private async Task<Task?> DoInTurnAsync(RelayCommandLine command, long received, CancellationToken cancel)
    {
        var action = command.Action switch { "on" => RelayState.On, "off" => RelayState.Off, _ => (RelayState?)null };
        if (action is not { } wanted)
        {
            metrics.Relay("unknown");
            UnknownAction(logger, command.Meter, command.Action);
            return null;
        }

        var turn = wanted == RelayState.On ? _restores : _cuts;
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // A turn that comes free because all is ending is nobody's.
            cancel.ThrowIfCancellationRequested();
            if (WhyNot(command, wanted, received) is { } reason)
            {
                metrics.Relay(reason);
                NotBegun(logger, command.Meter, command.Sequence, reason);
                return null;
            }

            return await DoAsync(command, wanted, cancel).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Why a command is not begun any more; null where it is.</summary>
    private string? WhyNot(RelayCommandLine command, RelayState wanted, long received) => command.Expires is { } expires && !(clock.GridTime < expires)
        ? "expired"
        : wanted == RelayState.Off && time.GetElapsedTime(received) > CutAgeMax ? "stale" : null;

    /// <summary>Returns OnRelay's task where it has not ended in its time: the grid gives the command again, and what it says later is not reported.</summary>
    private async Task<Task?> DoAsync(RelayCommandLine command, RelayState wanted, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = time.CreateTimer(_ => patience.Cancel(), null, options.RelayTimeout, Timeout.InfiniteTimeSpan);
        var order = new RelayOrder(command.Meter, command.Sequence, wanted, command.Expires);
        var carried = options.OnRelay!(order, patience.Token);
        await ((Task)carried).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!carried.IsCompleted)
        {
            if (!cancel.IsCancellationRequested)
            {
                metrics.Relay("failed");
                NotEnded(logger, command.Meter, command.Sequence);
            }

            return carried;
        }

        var state = await carried.ConfigureAwait(false);
        metrics.Relay(state is null ? "unconfirmed" : "confirmed");
        if (state is { } confirmed)
        {
            await ReportAsync(command, confirmed, cancel).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ReportAsync(RelayCommandLine command, RelayState state, CancellationToken cancel)
    {
        var report = new RelayReportList([new(command.Meter, command.Sequence, state == RelayState.On ? "on" : "off", clock.GridTime ?? time.GetUtcNow())]);
        var answer = await link.AskAsync(
            () => new HttpRequestMessage(HttpMethod.Post, $"{_path}/relays") { Content = JsonContent.Create(report, ClientJson.Default.RelayReportList) },
            async (response, end) => response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync(ClientJson.Default.RelayResultList, end).ConfigureAwait(false)
                : null, cancel).ConfigureAwait(false);
        foreach (var result in answer.Results.Where(r => r.Code is not null))
        {
            ReportRefused(logger, result.Meter, result.Sequence, result.Code!, result.Detail);
        }
    }

    [LoggerMessage(9007, LogLevel.Warning, "Meter {Meter}: the relay command '{Action}' is not known to this version.")]
    private static partial void UnknownAction(ILogger logger, string meter, string action);

    [LoggerMessage(9008, LogLevel.Error, "Meter {Meter}: relay command {Sequence} failed; the grid gives it again.")]
    private static partial void CommandFailed(ILogger logger, string meter, int sequence, Exception cause);

    [LoggerMessage(9009, LogLevel.Warning, "Meter {Meter}: the report about relay command {Sequence} was refused: {Code}: {Detail}")]
    private static partial void ReportRefused(ILogger logger, string meter, int sequence, string code, string? detail);

    [LoggerMessage(9011, LogLevel.Information, "Meter {Meter}: relay command {Sequence} was not begun, because it is {Reason}.")]
    private static partial void NotBegun(ILogger logger, string meter, int sequence, string reason);

    [LoggerMessage(9012, LogLevel.Error, "Meter {Meter}: OnRelay has not ended in time with relay command {Sequence}; the meter gets no other until it has.")]
    private static partial void NotEnded(ILogger logger, string meter, int sequence);

    [LoggerMessage(9013, LogLevel.Error, "A relay command is not understood and was passed over: {Command}")]
    private static partial void Malformed(ILogger logger, string command);

    [LoggerMessage(9014, LogLevel.Error, "Relay commands could not be taken; trying again.")]
    private static partial void LoopFailed(ILogger logger, Exception cause);
}
