using System.Globalization;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>A silo is killed in the middle of a file of meter data, twice; the file is read to its end by another.</summary>
public sealed class FileKillTests : IAsyncLifetime
{
    private const int Meters = 30;
    private const int Days = 4;
    private const int Rows = Days * 96;
    private const long StepWh = 250;
    private const long Half = Meters * Rows / 2;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new();
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;
    private string _database = "";
    private NpgsqlConnection _lock = new();

    private string Inbox => Path.Combine(_folder.Path, "inbox");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Inbox);
        _postgres = await TestPostgres.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        await StartAsync();
        using var client = _silos[0].Client();
        await client.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        await client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
        for (var i = 0; i < Meters; i++)
        {
            await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest($"A{i}", "flat", OpenedOn: new DateOnly(2026, 2, 1)));
            await client.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest($"A{i}", "G1", $"A{i}", Start, 1_000, IntervalSeconds: 900));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _lock.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_whose_silo_is_killed_while_it_is_sent_is_taken_once_by_the_next()
    {
        await HoldAsync();
        await File.WriteAllTextAsync(Path.Combine(Inbox, "days.csv.part"), Content(), TestContext.Current.CancellationToken);
        File.Move(Path.Combine(Inbox, "days.csv.part"), Path.Combine(Inbox, "days.csv"));
        for (var kill = 1; kill <= 2; kill++)
        {
            // Some of its readings are in the log, and not all: what would be the next waits, whatever the speed of the machine.
            await Eventually.GetAsync(WaitingAsync, n => n > 0, "An append waits");
            await _silos[^1].KillAsync();
            Assert.True(File.Exists(Path.Combine(Inbox, "days.csv")), "The file was done before the silo was killed.");

            // Nobody renews its lease any more; the test does not wait until that is over. What waited is committed, and nobody is told.
            await _postgres.ExecuteAsync(_database, "update meter_file set leased_until = now() where content is not null",
                $"update held_append set taken = {(kill == 1 ? Half : long.MaxValue)}");
            await ReleaseAsync();
            await StartAsync();
        }

        await Eventually.GetAsync(() => Task.FromResult(Directory.Exists(Path.Combine(Inbox, "done")) ? Directory.GetFiles(Path.Combine(Inbox, "done")) : []),
            f => f.Any(n => n.EndsWith("-days.csv", StringComparison.Ordinal)), $"The file is done; the silo says {_silos[^1].Output}");
        using var client = _silos[^1].Client();
        for (var i = 0; i < Meters; i++)
        {
            await Eventually.GetAsync(() => client.GetAsync<MeterAnswer>($"/v1/meters/A{i}"), m => m.ChargedWh == Rows * StepWh && m.HeldWh == 0,
                $"All energy of A{i} is charged");
        }

        await Town.AssertAuditAsync(_silos[^1]);
    }

    /// <summary>Lets appends wait for this test when so many records are in the log.</summary>
    private async Task HoldAsync()
    {
        await _postgres.ExecuteAsync(_database, "create table held_append (taken bigint not null)", $"insert into held_append values ({Half / 2})",
            """
            create function hold_append() returns trigger language plpgsql as $$
            begin
                if (select sum(next_position) from log_head) >= (select taken from held_append) then
                    perform pg_advisory_xact_lock_shared(77, 1);
                end if;
                return null;
            end $$
            """,
            "create trigger hold_append after update on log_head for each statement execute function hold_append()");
        await LockAsync();
    }

    private async Task LockAsync()
    {
        _lock = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database) { Pooling = false }.ConnectionString);
        await _lock.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_advisory_lock(77, 1)", _lock);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What waits goes on, and what comes waits again.</summary>
    private async Task ReleaseAsync()
    {
        await _lock.DisposeAsync();
        await Eventually.GetAsync(WaitingAsync, n => n == 0, "No append waits");
        await LockAsync();
    }

    private async Task<long> WaitingAsync()
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_locks where locktype = 'advisory' and classid = 77 and not granted", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Rows by time, so that all meters are sent a part.</summary>
    private static string Content()
    {
        var text = new StringBuilder("meter,interval_end_utc,kwh\n");
        for (var row = 1; row <= Rows; row++)
        {
            for (var i = 0; i < Meters; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"A{i},{Start.AddMinutes(15 * row):yyyy-MM-ddTHH:mm:ssZ},0.25\n");
            }
        }

        return text.ToString();
    }

    private async Task StartAsync() => _silos.Add(
        await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{_silos.Count}"), _database, null, ("Grid__Partitions", "16"),
            ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32])), ("Security__RequestsPerSecond", "0"), ("Files__Watched", Inbox),
            ("Files__WatchedGateway", "G1"), ("Files__WatchedStillSeconds", "1")));
}
