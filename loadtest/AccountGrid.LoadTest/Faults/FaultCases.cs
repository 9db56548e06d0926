using System.Net.Sockets;
using System.Text;
using AccountGrid.Domain.Formats;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// All faults, alone: processes, database, network, clocks, gateways, records that cannot be folded; and the crash matrix of failpoints by faults.
/// </summary>
internal static class FaultCases
{
    /// <summary>The eight failpoints, as the host names them.</summary>
    public static readonly string[] Points =
    [
        "log.before-commit", "log.after-commit", "fold.before-apply", "effects.before-commit", "effects.after-commit", "outbox.before-send",
        "outbox.after-send", "states.before-commit",
    ];

    /// <summary>What happens at a failpoint.</summary>
    public static readonly string[] PointFaults = ["kill", "freeze", "database", "storm", "blackhole", "disk-full"];

    private const int Fresh = 3;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("kill", async (grid, _, random) =>
        {
            var silo = random.Next(Fresh);
            await grid.Process(silo).KillAsync();
            await WaitAsync(2);
        }),
        new("stop", async (grid, _, random) => await grid.Process(random.Next(Fresh)).StopAsync()),
        new("kill-two", async (grid, _, random) =>
        {
            var spared = random.Next(Fresh);
            await Task.WhenAll(Enumerable.Range(0, Fresh).Where(s => s != spared).Select(s => grid.Process(s).KillAsync()));
            await WaitAsync(3);
        }),
        new("kill-all", async (grid, _, _) => await Task.WhenAll(Enumerable.Range(0, Fresh).Select(s => grid.Process(s).KillAsync())), IsFelt: true),
        new("freeze-5", (grid, _, random) => FreezeAsync(grid, random, 5, staleWrites: false)),
        new("freeze-15", (grid, _, random) => FreezeAsync(grid, random, 15, staleWrites: true)),
        new("freeze-60", (grid, _, random) => FreezeAsync(grid, random, 60, staleWrites: true), IsLong: true),
        new("freeze-120", (grid, _, random) => FreezeAsync(grid, random, 120, staleWrites: true), IsLong: true),
        new("join-and-leave", async (grid, _, _) =>
        {
            await grid.AddSiloAsync();
            await WaitAsync(3);
            await grid.Process(grid.Silos - 1).StopAsync();
            await grid.RemoveLastAsync();
        }),
        new("rolling-restart", async (grid, _, _) =>
        {
            for (var s = 0; s < Fresh; s++)
            {
                await grid.Process(s).StopAsync();
                await grid.StartAsync(s);
            }
        }),
        new("database-killed", (grid, _, _) => grid.Server.RestartAsync(), IsFelt: true),
        new("database-immediate-stop", (grid, _, _) => grid.Server.RestartAsync("immediate"), IsFelt: true),
        new("backends-terminated", (grid, _, _) => StormAsync(grid, 5)),
        new("connections-exhausted", ConnectionsAsync, IsFelt: true),
        new("locks-held", LocksAsync),
        new("read-only", async (grid, _, _) =>
        {
            await ExecuteAsync(grid, "alter system set default_transaction_read_only = on", "select pg_reload_conf()");
            await WaitAsync(4);
            await ExecuteAsync(grid, "set default_transaction_read_only = off; alter system reset default_transaction_read_only", "select pg_reload_conf()");
        }, IsFelt: true),
        new("disk-full", (grid, _, _) => DiskFullAsync(grid, 5), IsFelt: true),
        new("database-frozen", async (grid, _, _) =>
        {
            using var stopped = new StoppedTree([grid.Server.Postmaster, .. StoppedTree.ChildrenOf(grid.Server.Postmaster)]);
            await WaitAsync(6);
        }),
        new("cut-from-silos", async (grid, _, random) =>
        {
            var silo = random.Next(Fresh);
            var process = grid.Process(silo).Id;
            for (var s = 0; s < Fresh; s++)
            {
                grid.SiloLink(s).Cut(s == silo ? _ => true : from => from == process);
            }

            await WaitAsync(8);
        }),
        new("cut-from-database", async (grid, _, random) =>
        {
            var silo = random.Next(Fresh);
            grid.DatabaseLink(silo).Cut(_ => true);
            await WaitAsync(5);
        }, IsFelt: true),
        new("half-open-silos", async (grid, _, random) =>
        {
            var silo = random.Next(Fresh);
            var process = grid.Process(silo).Id;
            for (var s = 0; s < Fresh; s++)
            {
                grid.SiloLink(s).Silence(s == silo ? _ => true : from => from == process);
            }

            await WaitAsync(8);
        }),
        new("half-open-database", async (grid, _, random) =>
        {
            grid.DatabaseLink(random.Next(Fresh)).Silence(_ => true);
            await WaitAsync(5);
        }, IsFelt: true),
        new("slow-database", async (grid, _, random) =>
        {
            grid.DatabaseLink(random.Next(Fresh)).DelayMs = 200;
            await WaitAsync(6);
        }),
        new("clock-ahead", (grid, _, random) => ClockAsync(grid, random, 7_200)),
        new("clock-behind", (grid, _, random) => ClockAsync(grid, random, -86_400)),
        new("resend-storm", async (grid, load, _) =>
        {
            await grid.Process(0).KillAsync();
            await load.StormAsync(40);
        }),
        new("loud-gateway", async (_, load, random) =>
        {
            load.Loud = random.Next(8);
            await WaitAsync(4);
            load.Loud = -1;
        }),
        new("idle-connections", IdleAsync),
        new("quarantine", QuarantinedAsync),
        .. from point in Points from fault in PointFaults select AtPoint(point, fault),
    ];

    /// <summary>
    /// The part that runs with every build: the deaths that have most to lose. None of them depends on how fast the machine is. The verb <c>faults --each</c>
    /// runs all.
    /// </summary>
    public static IReadOnlyList<FaultCase> Short { get; } =
    [
        Find("kill-all"), Find("database-killed"), Find("read-only"), Find("quarantine"),
        AtPoint("log.after-commit", "kill"), AtPoint("effects.before-commit", "kill"), AtPoint("outbox.before-send", "kill"),
        AtPoint("states.before-commit", "kill"),
    ];

    public static FaultCase Find(string name) =>
        All.FirstOrDefault(c => c.Name == name) ?? throw new FormatException($"'{name}' is no fault; there are: {string.Join(", ", All.Select(c => c.Name))}.");

    public static Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);

    /// <summary>A cell of the crash matrix: one silo comes to a failpoint, and there it is struck.</summary>
    private static FaultCase AtPoint(string point, string fault) => new($"{point}+{fault}", async (grid, _, random) =>
    {
        var silo = random.Next(Fresh);
        var nth = random.Next(1, point.StartsWith("log", StringComparison.Ordinal) || point.StartsWith("fold", StringComparison.Ordinal) ? 20 : 3);
        var action = fault switch { "kill" => "kill", "freeze" => "stop", _ => "wait" };
        grid.Arm(silo, $"{point}:{action}:{nth}");
        var began = TimeProvider.System.GetTimestamp();
        while (!grid.WasReached(silo))
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(120))
            {
                grid.Disarm(silo);
                throw new VacuousException($"Silo {silo} did not come to {point} within 120 s.");
            }

            await WaitAsync(0.02);
        }

        switch (fault)
        {
            case "kill":
                await WaitAsync(2);
                break;
            case "freeze":
                await WaitAsync(12);
                await grid.Process(silo).ThawAsync();
                await WaitAsync(3);
                break;
            case "database":
                await grid.Server.RestartAsync("immediate");
                break;
            case "storm":
                await StormAsync(grid, 1);
                break;
            case "blackhole":
                grid.DatabaseLink(silo).Silence(_ => true);
                grid.Disarm(silo);
                await WaitAsync(10);
                break;
            case "disk-full":
                await DiskFullAsync(grid, 3, () => grid.Disarm(silo));
                break;
        }

        grid.Disarm(silo);
    }, IsLong: fault != "kill");

    private static async Task FreezeAsync(FaultGrid grid, Random random, double seconds, bool staleWrites)
    {
        var silo = random.Next(Fresh);
        var before = grid.LogLines("was taken from epoch");
        bool IsRefused() => grid.LogLines("was taken from epoch") > before;

        // On a busy machine the others take longer to notice, and the twin longer to write: it stands still once more then.
        for (var stands = 1; stands <= 2 && !IsRefused(); stands++)
        {
            await grid.Process(silo).FreezeAsync();
            await WaitAsync(seconds * stands);
            await grid.Process(silo).ThawAsync();
            await WaitAsync(3);
            for (var i = 0; staleWrites && i < 20 && !IsRefused(); i++)
            {
                await WaitAsync(0.5);
            }

            if (!staleWrites)
            {
                return;
            }
        }

        if (!IsRefused())
        {
            throw new VacuousException($"No stale twin wrote and was refused after silo {silo} stood still for {seconds} s, and for twice as long.");
        }
    }

    private static async Task StormAsync(FaultGrid grid, int rounds)
    {
        var ended = 0L;
        for (var i = 0; i < rounds; i++)
        {
            await using var connection = await OpenAsync(grid);
            await using var command =
                new NpgsqlCommand(
                    "select count(*) from pg_stat_activity a, lateral pg_terminate_backend(a.pid) t where a.datname = current_database() and a.pid <> "
                        + "pg_backend_pid() and t", connection);
            ended += (long)(await command.ExecuteScalarAsync())!;
            await WaitAsync(0.4);
        }

        if (ended == 0)
        {
            throw new VacuousException("No backend was there to be terminated.");
        }
    }

    /// <summary>Every connection that the server allows is taken, and the silos' own are closed.</summary>
    private static async Task ConnectionsAsync(FaultGrid grid, FaultLoad load, Random random)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            for (var tries = 0; tries < 4; tries++)
            {
                try
                {
                    await StormAsync(grid, 1);
                    while (taken.Count < 250)
                    {
                        taken.Add(await OpenAsync(grid));
                    }
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
                {
                    await WaitAsync(1);
                }
            }

            if (taken.Count < 20)
            {
                throw new VacuousException("The connection limit was not reached.");
            }

            await WaitAsync(2);
        }
        finally
        {
            foreach (var connection in taken)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>Somebody else holds the rows that appends and flushes need.</summary>
    private static async Task LocksAsync(FaultGrid grid, FaultLoad load, Random random)
    {
        await using var connection = await OpenAsync(grid);
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var sql in new[] { "select from log_head where partition % 2 = 0 order by partition for update",
            "select from partition where partition % 3 = 0 order by partition for update" })
        {
            await using var hold = new NpgsqlCommand(sql, connection, transaction);
            await hold.ExecuteNonQueryAsync();
        }

        await WaitAsync(4);
        await transaction.RollbackAsync();
    }

    /// <summary>Fills the file system that holds nothing but the database, and empties it again.</summary>
    private static async Task DiskFullAsync(FaultGrid grid, double seconds, Action? onFull = null)
    {
        var ballast = Path.Combine(grid.Server.Folder, "ballast");
        var drive = new DriveInfo(grid.Server.Folder);
        if (drive.DriveFormat != "tmpfs")
        {
            throw new VacuousException("disk-full needs the database on a small tmpfs of its own (mounting one needs root).");
        }

        try
        {
            await using (var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: false))
            {
                var block = new byte[1 << 20];
                try
                {
                    while (true)
                    {
                        file.Write(block.AsSpan(0, (int)Math.Max(4096, Math.Min(block.Length, drive.AvailableFreeSpace))));
                    }
                }
                catch (IOException)
                {
                    // Full.
                }
            }

            onFull?.Invoke();
            await WaitAsync(seconds);
        }
        finally
        {
            File.Delete(ballast);
        }

        // A server whose own log had no room has stopped; an operator starts it again.
        await grid.Server.EnsureRunningAsync();
    }

    private static async Task ClockAsync(FaultGrid grid, Random random, double seconds)
    {
        var silo = random.Next(Fresh);
        grid.SetClock(silo, seconds);
        await WaitAsync(4);
        grid.SetClock(silo, 0);
        await WaitAsync(1);
    }

    /// <summary>Thousands of connections that say nothing, and some that say a byte a second.</summary>
    private static async Task IdleAsync(FaultGrid grid, FaultLoad load, Random random)
    {
        var target = new Uri(grid.Urls[random.Next(Fresh)]);
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 3_000; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(target.Host, target.Port);
                sockets.Add(client);
            }

            var slow = Encoding.ASCII.GetBytes("POST /v1/readings HTTP/1.1\r\nHost: slow\r\nContent-Length: 100000\r\n\r\n");
            for (var second = 0; second < 3; second++)
            {
                foreach (var client in sockets.Take(200))
                {
                    try
                    {
                        await client.GetStream().WriteAsync(second == 0 ? slow : "x"u8.ToArray());
                    }
                    catch (IOException)
                    {
                        // The silo has had enough of it, as it should.
                    }
                }

                await WaitAsync(1);
            }
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Records that no fold can take, in the logs of three partitions: they are quarantined with their cause, and their partitions go on.</summary>
    private static async Task QuarantinedAsync(FaultGrid grid, FaultLoad load, Random random)
    {
        var before = await CountQuarantinedAsync(grid);
        await using (var log =
            new PostgresLog(grid.Database, new PostgresLogOptions { Partitions = FaultGrid.Partitions }, TimeProvider.System, NullLogger<PostgresLog>.Instance))
        {
            await log.AppendAsync(
            [
                new LogAppend(random.Next(8), 1, new byte[] { 99, 1, 2, 3 }),
                new LogAppend(8 + random.Next(8), 2, Encoding.UTF8.GetBytes("this was never a record")),
                new LogAppend(16 + random.Next(8), 1,
                    LogRecords.Encode(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), new Domain.Commands.Check(0, []))[..^1]),
            ]);
        }

        var began = TimeProvider.System.GetTimestamp();
        while (await CountQuarantinedAsync(grid) < before + 3)
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(120))
            {
                throw new FaultFoundException(
                    $"{await CountQuarantinedAsync(grid) - before} of 3 records that cannot be folded were quarantined with their cause within 30 s.");
            }

            await WaitAsync(0.1);
        }
    }

    private static async Task<long> CountQuarantinedAsync(FaultGrid grid)
    {
        await using var command = grid.Database.CreateCommand("select count(*) from quarantined_record where cause <> ''");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(FaultGrid grid)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(grid.Connection) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(FaultGrid grid, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(grid.Server.AdministratorConnectionString);
        await connection.OpenAsync();
        foreach (var sql in statements.SelectMany(s => s.Split(';')))
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
