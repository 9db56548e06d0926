using System.Text;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using Npgsql;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// Tries readings again whose meter was unknown, or registered with another gateway, or whose time was ahead of the clock: an HTTP gateway is told to keep and
/// resend them, a sender over MQTT cannot be. Each message is for itself: one that fails holds up no other.
/// </summary>
internal sealed partial class LaterReadings(NpgsqlDataSource database, ReadingIntake intake, RefusedMessages refused, MqttOptions options, TimeProvider time,
    ILogger<LaterReadings> logger) : PeriodicService(TimeSpan.FromSeconds(Math.Min(60, options.RetrySeconds)), time)
{
    /// <summary>After so long nobody will register the meter.</summary>
    private const int KeptDays = 30;

    private const int RowsMax = 100;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await refused.DropOldestAsync(RefusedMessages.AllLaterBytesMax, cancel);
        var (failed, cause) = (0, "");
        for (var i = 0; i < RowsMax; i++)
        {
            if (await ClaimAsync(cancel) is not { } row)
            {
                Say(failed, cause);
                return false;
            }

            try
            {
                await TryAsync(row, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && !PassingFaults.IsServerAway(e))
            {
                (failed, cause) = (failed + 1, $"{row.Id}: {PassingFaults.Text(e)}");
            }
        }

        Say(failed, cause);
        return true;
    }

    private void Say(int failed, string cause)
    {
        if (failed > 0)
        {
            SomeFailed(logger, failed, cause);
        }
    }

    /// <summary>Takes the one that was tried longest ago, if it is due; no other process has it then, and it is due again only after the period.</summary>
    private async Task<Row?> ClaimAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            update mqtt_refused r set tried_at = now() where r.id = (select id from mqtt_refused where later is not null
              and tried_at < now() - make_interval(secs => $1) order by tried_at limit 1 for update skip locked)
            returning r.id, r.later, coalesce((select number from gateway g where g.id = r.gateway), 0), r.at < now() - make_interval(days => $2)
            """);
        Statements.Add(command, (double)options.RetrySeconds, KeptDays);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new Row(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), reader.GetBoolean(3))
            : null;
    }

    /// <summary>Takes lines as HTTP would. What is taken twice after a crash is the same reading.</summary>
    private async Task TryAsync(Row row, CancellationToken cancel)
    {
        var texts = Encoding.UTF8.GetString(row.Lines).Split('\n');
        if (row.Gateway == 0 || row.IsOver || BatchReader.Parse(row.Lines, isNdjson: true, intake.LatestMs).Batch is not { } batch)
        {
            await GiveUpAsync(row.Id, null, [.. Enumerable.Repeat(MqttRefusals.GivenUp.Text, texts.Length)], cancel);
            return;
        }

        var result = await intake.RetryAsync(batch, row.Gateway);
        var still = result.Errors.Where(e => Resend.Of(e.Refusal.Code) == Resend.Later).Select(e => texts[e.Line - 1]).ToList();
        var never = result.Errors.Where(e => Resend.Of(e.Refusal.Code) != Resend.Later).Select(e => e.Refusal.Code.Text).ToList();
        await GiveUpAsync(row.Id, still.Count == 0 ? null : Encoding.UTF8.GetBytes(string.Join('\n', still)), never, cancel);
    }

    private async Task GiveUpAsync(long id, byte[]? still, List<string> codes, CancellationToken cancel)
    {
        await refused.TriedAsync(id, still, codes, cancel);
        if (codes.Count > 0)
        {
            GivenUp(logger, id, codes.Count, string.Join(", ", codes.Distinct()));
        }
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    private sealed record Row(long Id, byte[] Lines, int Gateway, bool IsOver);

    [LoggerMessage(8008, LogLevel.Warning, "Readings that wait for their meter could not be tried again: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);

    [LoggerMessage(8009, LogLevel.Warning,
        "Readings of {Count} refused messages could not be tried again; the next try is after Mqtt__RetrySeconds. The last is {Cause}")]
    private static partial void SomeFailed(ILogger logger, int count, string cause);

    [LoggerMessage(8010, LogLevel.Warning, "Of the refused message {Id}, readings that were tried again are given up ({Count}): {Codes}.")]
    private static partial void GivenUp(ILogger logger, long id, int count, string codes);
}
