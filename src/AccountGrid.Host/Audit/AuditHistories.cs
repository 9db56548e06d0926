using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Goes through the history of each account, one at a time, as events and entries tell it.</summary>
internal sealed class AuditHistories(AuditDefinitions definitions, AuditReport report)
{
    public async Task AuditAsync(NpgsqlConnection connection, int partition, long position, List<AuditAccountRow> rows, AuditLog log)
    {
        var nowMs = (await AuditQuery.ReadAsync(connection, "select state_now_ms from partition where partition = $1", r => r.GetInt64(0), partition))[0];
        var tables = await LoadTablesAsync(connection, partition);
        var states = rows.ToDictionary(r => r.Account, r => r.State);
        var commands = log.Commands.Where(c => tables.Balances.ContainsKey(c.Position)).ToLookup(c => (c.Command as AccountCommand)?.Account ?? 0);
        var kept = log.First ?? position;
        const string Sql = """
            select account, position, sequence, at_ms, null::text, kind, amount_nano, day, balance_nano, coalesce(corrects_position, 0) from entry
              where partition = $1 and position < $2
            union all select account, position, sequence, at_ms, event::text, null, 0, null, 0, 0 from account_event where partition = $1 and position < $2
            order by 1, 2, 3
            """;
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 600 };
        Statements.Add(command, partition, position);
        await using var reader = await command.ExecuteReaderAsync();
        AuditHistory? history = null;
        while (await reader.ReadAsync())
        {
            var account = reader.GetInt32(0);
            if (history?.Account != account)
            {
                End(history, states, commands, kept, nowMs);
                history = new AuditHistory(account, tables);
            }

            history.Take(RowOf(reader));
        }

        End(history, states, commands, kept, nowMs);
        report.Differences.AddRange(states.Keys.Select(a => $"account {a}: no event tells of its opening"));
    }

    /// <summary>
    /// A history's end, and its commands as far as the log is kept: each has its event, and each event that only a command brings has its command.
    /// </summary>
    private void End(AuditHistory? history, Dictionary<int, AccountState> states, ILookup<int, (long Position, GridCommand Command)> commands, long kept,
        long nowMs)
    {
        if (history is null)
        {
            return;
        }

        if (!states.Remove(history.Account, out var state))
        {
            report.Differences.Add($"account {history.Account}: its events are there, its state is not");
            return;
        }

        history.End(state, nowMs);
        report.Differences.AddRange(history.Differences);
        var given = commands[history.Account].ToDictionary(c => c.Position, c => c.Command);
        foreach (var (position, happened) in history.Told.Where(t => t.Position >= kept && !given.ContainsKey(t.Position)))
        {
            report.Differences.Add($"account {history.Account}: its {happened} at {position} comes from no command of the log");
        }

        foreach (var (position, command) in given)
        {
            var (kind, nano) = command switch
            {
                TakePayment c => ("payment", c.Amount.Nano),
                ReceiveTransfer c => ("payment", c.Amount.Nano),
                TransferMoney c => ("transfer", -c.Amount.Nano),
                ReturnTransfer c => ("transfer", c.Amount.Nano),
                MoveInternal c => (c.Amount.Nano > 0 ? "deposit" : "withdrawal", c.Amount.Nano),
                ReversePayment => ("reversal", history.Moved.GetValueOrDefault(position).Nano),
                RefundCredit c => ("refund", -c.Amount.Nano),
                AdjustBalance c => ("adjustment", c.Amount.Nano),
                WaiveFees c => ("waiver", c.Amount.Nano),
                MoveToDebt c => ("debt-moved", c.Amount.Nano),
                WriteOff c => ("write-off", c.Amount.Nano),
                _ => ("", 0L),
            };
            if (kind.Length > 0 && history.Moved.GetValueOrDefault(position) != (kind, nano))
            {
                report.Differences.Add($"account {history.Account}: the {kind} at {position} is told of by no event of its amount");
            }
            else if (kind.Length == 0 && command is not (ReleaseCut or ReportRelay or ConfirmNotice) && !history.Positions.Contains(position))
            {
                report.Differences.Add($"account {history.Account}: no event tells of its command {command.GetType().Name} at {position}");
            }
        }
    }

    private async Task<AuditTables> LoadTablesAsync(NpgsqlConnection connection, int partition)
    {
        var bills = await AuditQuery.ReadAsync(connection, "select id, facts::text from bill where partition = $1",
            r => (Id: r.GetString(0), Facts: JsonSerializer.Deserialize<BillFacts>(r.GetString(1), EffectStatements.FactsJson)!), partition);
        var messages = await AuditQuery.ReadAsync(
            connection, "select id, kind, body::text from outbox where partition = $1 and state <> 'withdrawn'",
            r => (Id: r.GetString(0), Kind: r.GetString(1), Body: JsonSerializer.Deserialize<NoticeFacts>(r.GetString(2), EffectStatements.FactsJson)!),
            partition);
        var balances = await AuditQuery.ReadAsync(connection, "select position, balance_nano from command_outcome where partition = $1 and code is null",
            r => (Position: r.GetInt64(0), Nano: r.GetInt64(1)), partition);
        return new AuditTables(definitions.PackOf, definitions.Tariffs, bills.ToDictionary(b => b.Id, b => b.Facts),
            messages.ToDictionary(m => m.Id, m => (m.Kind, m.Body)), balances.ToDictionary(b => b.Position, b => b.Nano));
    }

    private static AuditRow RowOf(NpgsqlDataReader reader) => new(
        reader.GetInt64(1), reader.GetInt64(3), reader.IsDBNull(4) ? null : AuditEvents.Read(reader.GetString(4)),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetInt64(6), reader.IsDBNull(7) ? 0 : reader.GetFieldValue<DateOnly>(7).DayNumber, reader.GetInt64(8), reader.GetInt64(9));
}
