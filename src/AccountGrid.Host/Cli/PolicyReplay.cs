using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Database;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Cli;

/// <summary>
/// History under another pack: the log is folded twice in memory, under the packs that decided and with one of them replaced, and the two are compared. What
/// people would then have done otherwise nobody knows: payments and reports stay as they were. Needs the log from its beginning.
/// </summary>
internal sealed class PolicyReplay(NpgsqlDataSource database, PostgresLog log, TariffCatalog tariffs, PolicyCatalog policies)
{
    private const int ReadBytes = 4 << 20;

    /// <summary>Compares a pack with the one of its name, for decisions from one local day to another. Throws where the log is cut off.</summary>
    public async Task<IReadOnlyList<(string Account, PolicyOutcome Was, PolicyOutcome Would)>> RunAsync(Policy pack, DateOnly from, DateOnly to, int partitions)
    {
        await tariffs.LoadAllAsync();
        await policies.LoadAllAsync();
        var family = await policies.NumberOfAsync(pack.Definition.Id)
            ?? throw new StartException($"id: the grid knows no pack '{pack.Definition.Id}'; a replay compares a pack with the one of its name.");
        var differences = new List<(string, PolicyOutcome, PolicyOutcome)>();
        for (var p = 0; p < partitions; p++)
        {
            var was = await FoldAsync(p, policies.At, from, to);
            var would = await FoldAsync(p, (number, day) => number == family ? pack : policies.At(number, day), from, to);
            foreach (var (account, outcome) in would)
            {
                if (!outcome.SameAs(was[account]))
                {
                    differences.Add((await IdAsync(account), was[account], outcome));
                }
            }
        }

        return differences;
    }

    private async Task<Dictionary<int, PolicyOutcome>> FoldAsync(int partition, Func<int, int, Policy?> packs, DateOnly from, DateOnly to)
    {
        var fold = new LogFold(partition, tariffs.Get, packs, await QuarantinedAsync(partition));
        var outcomes = new Dictionary<int, PolicyOutcome>();
        while (await log.ReadAsync(partition, fold.State.Position, ReadBytes) is { } batch)
        {
            if (batch.FirstPosition > fold.State.Position)
            {
                throw new StartException(
                    $"The log of partition {partition} begins at {batch.FirstPosition}: what was before is not there to be replayed (Grid__LogRetainHours).");
            }

            foreach (var entry in batch.Entries)
            {
                fold.Fold(entry, long.MaxValue, effects => Take(effects, fold.State, outcomes, from.DayNumber, to.DayNumber));
            }

            fold.State.Pack();
        }

        return outcomes;
    }

    private static void Take(Effects effects, PartitionState state, Dictionary<int, PolicyOutcome> outcomes, int from, int to)
    {
        foreach (var (account, atMs, take) in Decisions(effects))
        {
            var outcome = outcomes.TryGetValue(account, out var known) ? known : outcomes[account] = new PolicyOutcome();
            if (state.PeekAccount(account) is { } a && a.Calendar.DayOf(atMs) is var day && day >= from && day <= to)
            {
                take(outcome);
            }
        }
    }

    private static IEnumerable<(int Account, long AtMs, Action<PolicyOutcome> Take)> Decisions(Effects effects)
    {
        foreach (var notice in effects.Notices)
        {
            yield return (notice.Account, notice.AtMs, o => o.Notices.Add($"{notice.Kind.Code()}@{notice.AtMs}"));
        }

        foreach (var entry in effects.Entries)
        {
            yield return (entry.Account, entry.AtMs, o => o.LateFeesNano -= entry.Kind is EntryKind.LateFee or EntryKind.Waiver ? entry.Amount.Nano : 0);
        }

        foreach (var e in effects.Events)
        {
            yield return (e.Account, e.AtMs, o =>
            {
                o.CutsPlanned += e.Event is CutDecided { Step: CutStep.Planned } ? 1 : 0;
                o.Worst = e.Event is StageEntered stage && stage.To > o.Worst ? stage.To : o.Worst;
            }
            );
        }
    }

    /// <summary>Records that were quarantined, and are passed over here too.</summary>
    private async Task<HashSet<long>> QuarantinedAsync(int partition)
    {
        await using var command = database.CreateCommand("select position, record_count from quarantined_record where partition = $1");
        command.Parameters.Add(new() { Value = partition });
        await using var reader = await command.ExecuteReaderAsync();
        var positions = new HashSet<long>();
        while (await reader.ReadAsync())
        {
            positions.UnionWith(Enumerable.Range(0, reader.GetInt32(1)).Select(i => reader.GetInt64(0) + i));
        }

        return positions;
    }

    private async Task<string> IdAsync(int account)
    {
        await using var command = database.CreateCommand("select id from account where number = $1");
        command.Parameters.Add(new() { Value = account });
        return (string?)await command.ExecuteScalarAsync() ?? account.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
