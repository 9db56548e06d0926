using System.Text.RegularExpressions;
using AccountGrid.Host.Database;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>
/// The tables can be distributed by <c>partition</c>: a table of a partition has that column first in its primary key and in every unique index, and statements
/// name it.
/// </summary>
public sealed partial class PartitionedTablesTests
{
    /// <summary>Tables that stay whole: small, a directory, or of the grid and not of a partition.</summary>
    private static readonly string[] Global =
    [
        // Directories: ids, numbers, and which partition an account or meter is in. Ids are unique over all partitions, and a meter moves.
        "account", "gateway", "meter", "policy", "policy_family", "tariff",

        // Price series, whose prices are the same in all partitions.
        "price_correction", "price_publication", "price_series",

        // One row, or a few, of the grid.
        "grid", "grid_secret", "key_change", "operation", "personal_data_key",

        // Customers, areas, and who is responsible: a customer's accounts lie in many partitions.
        "area", "assignment", "assignment_file", "customer", "customer_account", "customer_account_change", "customer_note",
        "grade_breach", "grade_evaluation",

        // Days on which surveys were drawn, over the whole grid.
        "survey_area_day",

        // Counted over the whole grid, under the lock of operation.
        "cut_release",

        // What people asked for and did, by API: the grid itself has such rows, too.
        "approval", "audit_head", "audit_outcome", "audit_trail", "operator_account", "operator_session", "operator_sign_in", "relay_test",

        // Ids of channels, each once over all partitions, and what is about channels.
        "debit_item", "debit_mandate", "debit_result", "debit_result_file", "debit_run",
        "agent", "channel_heartbeat", "channel_payment", "channel_probe", "channel_query", "channel_reversal", "channel_score", "channel_score_position",
        "channel_settlement", "channel_settlement_line",
        "payment_channel", "reconciliation_day", "reconciliation_item", "reconciliation_pair",

        // Up to which account a month was looked at, and all accounts for a version of a product.
        "prepayment_month", "price_announcement",

        // What people asked for, by API, about accounts of all partitions.
        "tariff_list", "tariff_list_row",

        // Sums over all partitions.
        "figure",

        // A row for each process and each gateway.
        "gateway_seen", "process_measure", "silo_build",

        // Messages of gateways, whose meters are in many partitions.
        "mqtt_refused", "mqtt_refused_count", "mqtt_session",

        // Where events of all partitions are sent, and what was sent there.
        "event_mark", "webhook", "webhook_delivery",
        // Files of many meters, read one after the other.
        "meter_file",

        // Orleans' own.
        "orleansmembershiptable", "orleansmembershipversiontable", "orleansquery", "orleansreminderstable", "orleansstorage",

        // DbUp's own.
        "schemaversions",
    ];

    /// <summary>Statements about all partitions, by a part of their text that is in no other.</summary>
    private static readonly string[] OfAllPartitions =
    [
        // The number of partitions.
        "select count(*)::int from partition", "select count(*)::int from log_head", "where not exists (select from log_head",

        // Lists for people and gateways.
        "r.account as number from relay_command",
        "from reading_exception e join meter", "last_error, sent_at from outbox ", "select a.id, r.sequence, r.created_ms",

        // What is due anywhere.
        "from work_case where owner is null", "select distinct m.gateway",

        // A relay's report names a meter and a number; which account gave the command is what it asks.
        "from relay_command where sequence = $1", "select r.turns_on from meter m join relay_command",

        // The audit follows transfers from partition to partition.
        "with told as materialized",

        // Figures are counted anew in all, and are shown up to the day that has ended in all.
        "set position = -1, closed_day = null", "select min(closed_day)", "from figure_partition where closed_day <",

        // Complaints about a channel come from accounts of all partitions.
        "select count(*) from complaint where channel",

        // A customer's accounts lie in many partitions, and a customer is asked as one.
        "select max(asked_day) from survey",

        // Columns only: whoever appends a where clause names the partition.
        "to_position, prices_through, assignment, meter, register from meter_day",
    ];

    [Fact]
    public async Task A_table_of_a_partition_has_the_partition_first_in_every_unique_index()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(database, 4);
        await using var source = NpgsqlDataSource.Create(database);
        var tables = await RowsAsync(source, "select relname::text, '' from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')");
        var firsts = await RowsAsync(
            source,
            """
            select i.indrelid::regclass::text, case when i.indisprimary then 'primary ' else '' end || coalesce(a.attname, 'expression') from pg_index i
            join pg_class t on t.oid = i.indrelid left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and i.indisunique
            """);
        var names = tables.Select(t => t.Table).ToHashSet();
        Assert.Empty(Global.Except(names));
        var wrong = names.Except(Global)
            .Where(t => !firsts.Contains((t, "primary partition")) || firsts.Exists(f => f.Table == t && f.Text is not ("primary partition" or "partition")));
        Assert.True(!wrong.Any(),
            $"Tables that are not named as global and do not have partition first in their primary key and every unique index: {string.Join(", ", wrong)}");
    }

    [Fact]
    public async Task A_table_of_a_partition_refers_only_to_tables_that_stay_whole()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(database, 4);
        await using var source = NpgsqlDataSource.Create(database);
        var references = await RowsAsync(source, "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'");
        Assert.All(references, r => Assert.Contains(r.Text, Global));
    }

    /// <summary>Statements stand in literals. What a statement only inserts has its partition in its columns: the table's primary key requires it.</summary>
    [Fact]
    public async Task A_statement_on_a_table_of_a_partition_names_the_partition()
    {
        var schema = string.Join('\n', Migrations.All.Select(s => s.Contents));
        var tables = CreatedTables().Matches(schema).Select(m => m.Groups[1].Value).Except(Global).Append("account_balance").ToList();
        Assert.Contains("meter_day", tables);
        var uses = new Regex($@"\b(?:from|join|update|using)\s+({string.Join('|', tables)})\b|on conflict \(", RegexOptions.CultureInvariant);
        var (seen, wrong, used) = (0, new List<string>(), new HashSet<string>());
        foreach (var file in Directory.EnumerateFiles(Path.Combine(ComposeFile.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            foreach (var sql in Literals().Matches(await File.ReadAllTextAsync(file)).Select(m => m.Value).Where(t => Verbs().IsMatch(t) && uses.IsMatch(t)))
            {
                seen++;
                var among = InsertColumns().Replace(sql, "").ReplaceLineEndings(" ");
                if (OfAllPartitions.FirstOrDefault(p => sql.Contains(p, StringComparison.Ordinal)) is { } known)
                {
                    used.Add(known);
                }
                else if (!NamesPartition().IsMatch(among) && CreatedTables().Count(sql) == 0
                    && Global.All(g => !sql.Contains($"into {g} (", StringComparison.Ordinal) && !sql.Contains($"into {g} as ", StringComparison.Ordinal)))
                {
                    wrong.Add($"{Path.GetFileName(file)}: {sql}");
                }
            }
        }

        Assert.True(seen > 50, $"Only {seen} statements were found.");
        Assert.True(wrong.Count == 0, $"Statements that do not name the partition:\n{string.Join('\n', wrong)}");
        Assert.Empty(OfAllPartitions.Except(used));
    }

    private static async Task<List<(string Table, string Text)>> RowsAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetString(0), reader.GetString(1)));
        }

        return rows;
    }

    [GeneratedRegex(@"create table (?:if not exists )?(\w+)")]
    private static partial Regex CreatedTables();

    [GeneratedRegex("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"", RegexOptions.Singleline)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\b(select|update|delete|insert into)\b")]
    private static partial Regex Verbs();

    [GeneratedRegex(@"insert into \w+( as \w+)? \([^)]*\)")]
    private static partial Regex InsertColumns();

    [GeneratedRegex(@"\bpartition\b\s*(=|<>|\)|,|\{)|select partition from")]
    private static partial Regex NamesPartition();
}
