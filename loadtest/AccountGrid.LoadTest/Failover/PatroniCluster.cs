using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.LoadTest.Faults;
using AccountGrid.LoadTest.Targets;
using Npgsql;

namespace AccountGrid.LoadTest.Failover;

/// <summary>Three nodes under Patroni, and an etcd, on loopback; deleted at the end.</summary>
internal sealed class PatroniCluster : IAsyncDisposable
{
    public const int Nodes = 3;

    private static readonly TimeSpan ChangesWithin = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly string _password;
    private readonly int _etcdPort;
    private readonly List<PatroniNode> _nodes = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private DaemonProcess _etcd;

    private PatroniCluster(string folder, int etcdPort)
    {
        (_folder, _etcdPort) = (folder, etcdPort);
        _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        _etcd = StartEtcd();
    }

    /// <summary>The grid's database on whichever node is the primary.</summary>
    public string Connection => new NpgsqlConnectionStringBuilder
    {
        Host = string.Join(',', _nodes.Select(n => $"127.0.0.1:{n.Settings.Server}")),
        Database = "accountgrid",
        Username = "accountgrid",
        Password = _password,
    }.ConnectionString;

    public static async Task<PatroniCluster> StartAsync(string folder)
    {
        var binaries = EmbeddedPostgres.FindBinaries() ?? throw new StartException("PostgreSQL 15 or later is not installed.");
        Directory.CreateDirectory(folder);
        await DaemonProcess.OwnAsync(folder);
        var cluster = new PatroniCluster(folder, ChildProcess.FreePort());
        try
        {
            for (var i = 1; i <= Nodes; i++)
            {
                Directory.CreateDirectory(Path.Combine(folder, $"n{i}"));
                await DaemonProcess.OwnAsync(Path.Combine(folder, $"n{i}"));
                cluster._nodes.Add(await PatroniNode.StartAsync(folder, $"n{i}", ChildProcess.FreePort(), ChildProcess.FreePort(), cluster._etcdPort, binaries,
                    cluster._password));
                if (i == 1)
                {
                    await cluster.NewLeaderAsync(null);
                }
            }

            await cluster.EnsureWholeAsync();
            await cluster.MakeDatabaseAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node that leads now. Throws <see cref="TimeoutException"/> where none does for three minutes.</summary>
    public Task<PatroniNode> LeaderAsync() => NewLeaderAsync(null);

    /// <summary>Waits until a node leads that is not this one.</summary>
    public async Task<PatroniNode> NewLeaderAsync(PatroniNode? before) =>
        await WaitAsync(async () =>
        {
            foreach (var node in _nodes.Where(n => n != before))
            {
                if (await AsksPrimaryAsync(node))
                {
                    return node;
                }
            }

            return null;
        }, "no other node leads");

    public PatroniNode Other(Func<PatroniMember, bool> isIt, IReadOnlyList<PatroniMember> members) =>
        _nodes.First(n => members.Any(m => m.Name == n.Settings.Name && isIt(m)));

    /// <summary>The nodes as the one that leads sees them; empty where it does not answer.</summary>
    public async Task<IReadOnlyList<PatroniMember>> MembersAsync()
    {
        foreach (var node in _nodes)
        {
            if (await AsksPrimaryAsync(node))
            {
                try
                {
                    return PatroniMember.Parse(await _http.GetStringAsync($"http://127.0.0.1:{node.Settings.Rest}/cluster"));
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                {
                    return [];
                }
            }
        }

        return [];
    }

    /// <summary>Asks the leader to hand over to the synchronous standby.</summary>
    public async Task SwitchOverAsync(PatroniNode from, PatroniNode to)
    {
        // Patroni's server takes no body in chunks.
        using var body = new StringContent(JsonSerializer.Serialize(new { leader = from.Settings.Name, candidate = to.Settings.Name }), Encoding.UTF8,
            "application/json");
        using var response = await _http.PostAsync($"http://127.0.0.1:{from.Settings.Rest}/switchover", body);
        if ((int)response.StatusCode is not (200 or 202))
        {
            throw new VacuousException($"Patroni refused the switch-over: {await response.Content.ReadAsStringAsync()}");
        }
    }

    public Task KillEtcdAsync() => _etcd.KillAsync();

    /// <summary>Everything that has ended is started, links are healed, and the cluster is waited for until it has its synchronous standby.</summary>
    public async Task EnsureWholeAsync()
    {
        if (_etcd.HasEnded)
        {
            _etcd = StartEtcd();
        }

        foreach (var node in _nodes)
        {
            node.Link.Heal();
            node.Start();
        }

        await WaitAsync(async () => PatroniMember.IsWhole(await MembersAsync(), Nodes) ? this : null, "not all nodes run again, with a synchronous standby");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _etcd.KillAsync();
        _http.Dispose();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task MakeDatabaseAsync()
    {
        var leader = await LeaderAsync();
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={leader.Settings.Server};Username=postgres;Password={_password};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        foreach (var sql in new[] { $"create role accountgrid login password '{_password}'", "create database accountgrid owner accountgrid",
            "grant pg_monitor to accountgrid" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<bool> AsksPrimaryAsync(PatroniNode node)
    {
        try
        {
            using var response = await _http.GetAsync($"http://127.0.0.1:{node.Settings.Rest}/primary");
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task<T> WaitAsync<T>(Func<Task<T?>> look, string whatIsNot)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(began) > ChangesWithin)
            {
                throw new TimeoutException($"Patroni: {whatIsNot} within {ChangesWithin.TotalMinutes:0} minutes. Its logs are in {_folder}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private DaemonProcess StartEtcd()
    {
        var (client, peer) = ($"http://127.0.0.1:{_etcdPort}", $"http://127.0.0.1:{ChildProcess.FreePort()}");
        return DaemonProcess.Start(Path.Combine(_folder, "etcd.log"), PatroniPackages.Etcd, "--name", "e1", "--data-dir", Path.Combine(_folder, "etcd"),
            "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", $"e1={peer}");
    }
}
