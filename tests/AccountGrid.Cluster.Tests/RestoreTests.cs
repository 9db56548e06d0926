using System.Diagnostics;
using System.Globalization;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Database;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>
/// The backup that the README describes: a base backup and the archived log, restored to a moment. What came after it is healed by the gateways' and payers'
/// repetition.
/// </summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task A_restore_to_a_moment_audits_clean_and_resends_heal_what_came_after()
    {
        using var folder = new TestFolder();
        var archive = Path.Combine(folder.Path, "archive");
        var backup = Path.Combine(folder.Path, "backup");
        Directory.CreateDirectory(archive);
        File.SetUnixFileMode(archive, (UnixFileMode)0b111_111_111);
        var data = Path.Combine(folder.Path, "data");
        var grid = await GridProcess.StartAsync(data, settings: ("Grid__StatePeriodSeconds", "1"));
        try
        {
            await SqlAsync(data, "alter system set archive_mode = on");
            await SqlAsync(data, $"alter system set archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'");
            await grid.StopAsync();
            grid = await RestartAsync(grid);
            using (var client = grid.Client())
            {
                await client.RegisterAsync("/v1/tariffs",
                    new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
                await client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
                await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("R1", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
                await client.PostAsync<MeterAnswer>("/v1/meters",
                    new InstallMeterRequest("R1", "G1", "R1", DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture)));
                await SendAsync(client, 1, 10);
            }

            Assert.Equal(0, await RunAsync("pg_basebackup", "-h", SocketOf(data), "-U", "postgres", "-D", backup, "-X", "none", "-c", "fast"));
            DateTime moment;
            using (var client = grid.Client())
            {
                await SendAsync(client, 11, 20);
                await BalanceAsync(client, 20);
                moment = await MomentAsync(data);
                await SendAsync(client, 21, 30);
                await BalanceAsync(client, 30);
            }

            // The grid writes on meanwhile: what must be archived is the segment that ended here, not whatever is current later.
            var ended = (string)(await SqlAsync(data, "select pg_walfile_name(pg_switch_wal())"))!;
            await Eventually.GetAsync(async () => await SqlAsync(data, "select last_archived_wal from pg_stat_archiver") as string,
                last => string.CompareOrdinal(last, ended) >= 0, $"{ended} is archived");
            await grid.StopAsync();

            // The disk is lost; what is left is the base backup and the archive.
            var place = Path.Combine(data, "postgres", "data");
            Directory.Delete(place, recursive: true);
            Directory.Move(backup, place);
            await File.AppendAllTextAsync(Path.Combine(place, "postgresql.auto.conf"),
                string.Create(CultureInfo.InvariantCulture,
                    $"\nrestore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{moment:yyyy-MM-dd HH:mm:ss.ffffff}+00'\nrecovery_target_action = "
                        + $"promote\n"));
            await File.WriteAllTextAsync(Path.Combine(place, "recovery.signal"), "");

            // What was recorded since the moment is gone from the database, and the audit would say so.
            File.Move(Path.Combine(data, "audit-heads.ndjson"), Path.Combine(data, "audit-heads-before-restore.ndjson"));
            if (DataFolder.IsRoot)
            {
                // What root has put back must be given to the server's user: the start does not touch it, and says so.
                var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => GridProcess.StartAsync(data, null, grid.Url));
                Assert.Contains("chown -hR postgres:", refused.Message, StringComparison.Ordinal);
                Assert.Equal(0, await RunAsync("/bin/chown", "-hR", "postgres:", Path.Combine(data, "postgres")));
            }

            grid = await RestartAsync(grid);
            using (var client = grid.Client())
            {
                await BalanceAsync(client, 20);
                await Town.AssertAuditAsync(grid);

                // Everybody sends again what was acknowledged since the backup, and more: each counts once.
                await SendAsync(client, 5, 30);
                await BalanceAsync(client, 30);
                await Town.AssertAuditAsync(grid);
            }

            Assert.Equal(0, await grid.StopAsync());
        }
        finally
        {
            await grid.DisposeAsync();
            if (File.Exists(Path.Combine(data, "postgres", "data", "postmaster.pid")))
            {
                await TestPostgres.KillAsync(data);
            }
        }
    }

    /// <summary>Hours of one meter, 1 kWh each, and a payment of 1 with each.</summary>
    private static async Task SendAsync(GridClient client, int from, int to)
    {
        var lines = new StringBuilder();
        for (var hour = from; hour <= to; hour++)
        {
            var at = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture).AddHours(hour);
            lines.Append(CultureInfo.InvariantCulture, $"{{\"meter\":\"R1\",\"ts\":\"{at:yyyy-MM-ddTHH:mm:sszzz}\",\"value\":{hour * 1000}}}\n");
            await client.PostAsync<MoneyAnswer>("/v1/accounts/R1/payments", new PaymentRequest("1", Reference: $"p{hour}"), idempotencyKey: $"p{hour}");
        }

        Assert.Equal(to - from + 1, (await client.PushAsync(Encoding.UTF8.GetBytes(lines.ToString()))).Accepted);
    }

    private static Task<BalanceAnswer> BalanceAsync(GridClient client, int hours) => Eventually.GetAsync(
        () => client.GetAsync<BalanceAnswer>("/v1/accounts/R1/balance"), b => decimal.Parse(b.Amount, CultureInfo.InvariantCulture) == hours * 0.5m,
        $"The balance after {hours} hours");

    private static async Task<GridProcess> RestartAsync(GridProcess old)
    {
        await old.DisposeAsync();
        return await GridProcess.StartAsync(old.Data, null, old.Url, ("Grid__StatePeriodSeconds", "1"));
    }

    private static string SocketOf(string data) => new NpgsqlConnectionStringBuilder(ServerOf(data).ConnectionString).Host!;

    private static EmbeddedPostgres ServerOf(string data) => EmbeddedPostgres.FindRunningAsync(new DataFolder(data)).GetAwaiter().GetResult()!;

    private static async Task<DateTime> MomentAsync(string data) => (DateTime)(await SqlAsync(data, "select now() at time zone 'utc'"))!;

    private static async Task<object?> SqlAsync(string data, string sql)
    {
        await using var connection = new NpgsqlConnection(ServerOf(data).AdministratorConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<int> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(EmbeddedPostgres.FindBinaries()!, tool), arguments))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
