using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Supply;

/// <summary>What gateways report of relays, whichever way it comes.</summary>
internal sealed class RelayReports(GridDirectory directory, NpgsqlDataSource database, PostgresLog log, IGrainFactory grains, RelayTests tests,
    TimeProvider time)
{
    /// <summary>Takes one report; returns after its outcome. Throws what the log throws.</summary>
    /// <param name="gateway">Number of the gateway that reports; a meter of another is refused.</param>
    public async Task<RelayReportAnswer> TakeAsync(RelayReport report, int gateway)
    {
        RelayReportAnswer No(RefusalCode code, string detail) => new(report.Meter, report.Sequence, code, detail);
        if (report.State is not ("on" or "off"))
        {
            return No(RelayRefusals.StateInvalid, $"state: '{report.State}' is not on or off.");
        }

        if (Requests.CheckId("meter", report.Meter) is { } wrong)
        {
            return No(wrong.Code, wrong.Detail);
        }

        if (await directory.FindMeterAsync(report.Meter) is not { } meter || meter.Gateway != gateway)
        {
            return No(MeterRefusals.Unknown, $"meter: '{report.Meter}' is not a meter of this gateway.");
        }

        if (report.Sequence == RelayTests.Sequence)
        {
            return await tests.ReportAsync(meter.Number, report.State == "on") is { } no
                ? No(no.Code, no.Detail)
                : new RelayReportAnswer(report.Meter, report.Sequence, null, null);
        }

        // The account that gave the command: the meter may be on another one by now.
        var owner = await OwnerAsync(meter.Number, meter.Account, meter.Partition, report.Sequence);
        if (owner.Account == 0)
        {
            return No(RelayRefusals.Superseded, $"sequence: {report.Sequence} is not a command of this meter.");
        }

        var command = new ReportRelay(owner.Account, meter.Number, report.Sequence, report.State == "on", report.At.ToUnixTimeMilliseconds());
        var record = LogRecords.Encode(time.GetUtcNow().ToUnixTimeMilliseconds(), command);
        var key = new LogKey($"relay:{owner.Account}:{meter.Number}:{report.Sequence}:{report.State}", BitConverter.GetBytes(report.Sequence));
        var outcome = await Commands.AppendAndWait(grains, log, new LogAppend(owner.Partition, 1, record, key), mayTryAgain: true);
        return outcome.Accepted ? new RelayReportAnswer(report.Meter, report.Sequence, null, null) : No(RefusalCatalogue.Find(outcome.Code!), outcome.Detail!);
    }

    private async Task<(int Account, int Partition)> OwnerAsync(int meter, int account, int partition, int sequence)
    {
        await using var own = database.CreateCommand("select 1 from relay_command where partition = $1 and account = $2 and sequence = $3");
        Statements.Add(own, partition, account, sequence);
        if (await own.ExecuteScalarAsync() is not null)
        {
            return (account, partition);
        }

        await using var find =
            database.CreateCommand("select account, partition from relay_command where sequence = $1 and $2 = any(meters) order by created_ms desc limit 1");
        Statements.Add(find, sequence, meter);
        await using var reader = await find.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt32(0), reader.GetInt32(1)) : (account, partition);
    }

    /// <summary>
    /// Whether a command turns its meter's relay on, for a gateway that confirms without saying so. Null where the meter waits for no such command and has
    /// confirmed none: a confirmation that is repeated is taken again, and changes nothing.
    /// </summary>
    public async Task<bool?> TurnsOnAsync(string meter, int sequence)
    {
        await using var command = database.CreateCommand(
            """
            select r.turns_on from meter m join relay_command r on r.partition = m.partition and r.account = m.account
              where m.id = $1 and r.sequence = $2 and r.state in ('released', 'confirmed')
            union all
            select t.turns_on from meter m join relay_test t on t.meter = m.number where m.id = $1 and $2 = 0
            union all
            select r.turns_on from meter m join relay_command r on m.number = any(r.meters) where m.id = $1 and r.sequence = $2 and r.state = 'released'
            limit 1
            """);
        Statements.Add(command, meter, sequence);
        return (bool?)await command.ExecuteScalarAsync();
    }
}
