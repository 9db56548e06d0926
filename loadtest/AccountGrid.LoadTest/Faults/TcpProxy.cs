using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// A link of the cluster that can be cut, silenced or slowed: a listener on loopback that passes bytes on. It knows which process a connection comes from,
/// so that one silo can be cut off from the others while they still hear each other.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int Loopback = 0x0100007F;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _target;
    private readonly bool _knowsProcesses;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Link, byte> _links = new();
    private readonly Task _accepting;
    private volatile Predicate<int> _isCut = _ => false;
    private volatile Predicate<int> _isSilent = _ => false;

    /// <param name="target">Where bytes go on to.</param>
    /// <param name="knowsProcesses">Whether it looks which process a connection comes from; otherwise that is 0 of all, and they are passed on at once.</param>
    public TcpProxy(EndPoint target, bool knowsProcesses = true)
    {
        (_target, _knowsProcesses) = (target, knowsProcesses);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Milliseconds that every piece is held before it goes on.</summary>
    public int DelayMs { get; set; }

    /// <summary>Closes connections from these processes, and refuses new ones.</summary>
    public void Cut(Predicate<int> from)
    {
        _isCut = from;
        foreach (var link in _links.Keys.Where(l => from(l.Process)))
        {
            link.Close();
        }
    }

    /// <summary>Connections from these processes stay open, and nothing comes through: half-open, as when a cable is pulled.</summary>
    public void Silence(Predicate<int> from) => _isSilent = from;

    public void Heal()
    {
        _isCut = _ => false;
        _isSilent = _ => false;
        DelayMs = 0;

        // What was silent lost bytes on its way: such a connection never works again, and must not look as if it did.
        foreach (var link in _links.Keys.Where(l => l.LostBytes))
        {
            link.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var link in _links.Keys)
        {
            link.Close();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _ = PassAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(Socket near)
    {
        var link = new Link(near, new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.IP),
            _knowsProcesses ? OwnerOf((IPEndPoint)near.RemoteEndPoint!) : 0);
        _links[link] = 0;
        try
        {
            if (_isCut(link.Process))
            {
                return;
            }

            await link.Far.ConnectAsync(_target, _end.Token);
            await Task.WhenAny(PumpAsync(link, link.Near, link.Far), PumpAsync(link, link.Far, link.Near));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end is gone.
        }
        finally
        {
            _links.TryRemove(link, out _);
            link.Close();
        }
    }

    private async Task PumpAsync(Link link, Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer, _end.Token);
            if (count == 0)
            {
                return;
            }

            if (_isSilent(link.Process))
            {
                link.LostBytes = true;
                continue;
            }

            if (DelayMs > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(DelayMs), TimeProvider.System, _end.Token);
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
            }
        }
    }

    /// <summary>The process that owns the other end of a loopback connection; 0 if it cannot be told.</summary>
    private static int OwnerOf(IPEndPoint remote)
    {
        var local = string.Create(CultureInfo.InvariantCulture, $"{Loopback:X8}:{remote.Port:X4}");
        var inode =
            File.ReadLines("/proc/net/tcp").Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(f => f[1] == local)?[9];
        if (inode is null or "0")
        {
            return 0;
        }

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            try
            {
                // Only the grid's own programs can be at this end.
                if (File.ReadAllText(Path.Combine(process, "comm")).Trim() is "dotnet" or "accountgrid"
                    && Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(f => new FileInfo(f).LinkTarget == $"socket:[{inode}]"))
                {
                    return int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        return 0;
    }

    private sealed class Link(Socket near, Socket far, int process)
    {
        public Socket Near { get; } = near;

        public Socket Far { get; } = far;

        public int Process { get; } = process;

        public bool LostBytes { get; set; }

        public void Close()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
