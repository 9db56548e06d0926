using System.Globalization;
using System.Net;
using AccountGrid.LoadTest.Faults;

namespace AccountGrid.LoadTest.Failover;

/// <summary>A Patroni and its PostgreSQL server, which the other nodes reach through a link that can be cut.</summary>
internal sealed class PatroniNode(PatroniSettings settings, TcpProxy link, DaemonProcess patroni) : IAsyncDisposable
{
    public PatroniSettings Settings { get; } = settings;

    public TcpProxy Link { get; } = link;

    private DaemonProcess Patroni { get; set; } = patroni;

    /// <summary>Number of the server's postmaster; null where none runs.</summary>
    private int? Postmaster
    {
        get
        {
            try
            {
                var id = int.Parse(File.ReadLines(Path.Combine(Settings.Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
                return Directory.Exists($"/proc/{id}") ? id : null;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }
    }

    public static async Task<PatroniNode> StartAsync(string folder, string name, int server, int rest, int etcd, string binaries, string password)
    {
        var link = new TcpProxy(new IPEndPoint(IPAddress.Loopback, server), knowsProcesses: false);
        var settings = new PatroniSettings(name, folder, rest, server, link.Port, etcd, binaries, password);
        var file = Path.Combine(folder, name + ".yml");
        await File.WriteAllTextAsync(file, settings.ToYaml());
        await DaemonProcess.OwnAsync(file);
        return new PatroniNode(settings, link, StartPatroni(settings));
    }

    public void Start()
    {
        if (Patroni.HasEnded)
        {
            Patroni = StartPatroni(Settings);
        }
    }

    /// <summary>As a machine that loses its power: Patroni and its server are gone at once.</summary>
    public async Task KillAsync()
    {
        var server = Postmaster;
        await Patroni.KillAsync();
        if (server is { } id)
        {
            await DaemonProcess.SignalAsync("KILL", [id, .. StoppedTree.ChildrenOf(id)]);
        }
    }

    /// <summary>As a machine that stands still: nothing of it runs until this is disposed.</summary>
    public StoppedTree Freeze()
    {
        int[] server = Postmaster is { } id ? [id, .. StoppedTree.ChildrenOf(id)] : [];
        return new([Patroni.Id, .. StoppedTree.ChildrenOf(Patroni.Id).Except(server), .. server]);
    }

    /// <summary>Patroni alone stands still: its server goes on, and does not hear that it was replaced.</summary>
    public StoppedTree FreezePatroni() => new([Patroni.Id]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Link.DisposeAsync();
    }

    private static DaemonProcess StartPatroni(PatroniSettings settings) =>
        DaemonProcess.Start(Path.Combine(settings.Folder, settings.Name + ".log"), PatroniPackages.Patroni,
            Path.Combine(settings.Folder, settings.Name + ".yml"));
}
