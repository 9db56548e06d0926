using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AccountGrid.Host.Database;

/// <summary>Where a grid on this machine keeps its files: the embedded database, the administrator's key, notices.</summary>
public sealed class DataFolder
{
    public DataFolder(string? path)
    {
        Root = Path.GetFullPath(path ?? Default());
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string Postgres => Path.Combine(Root, "postgres");

    public string AdministratorKey => Path.Combine(Root, "administrator.key");

    /// <summary>Holds the address of the grid that works in this folder, while it does.</summary>
    public string Address => Path.Combine(Root, "address");

    /// <summary>Takes the folder for this process, until it is disposed of. Throws <see cref="StartException"/> if another process has it.</summary>
    public IDisposable Hold()
    {
        try
        {
            return new FileStream(Path.Combine(Root, "lock"), OwnFile(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new StartException(
                $"Another process works in {Root}{(File.Exists(Address) ? $" and serves at {File.ReadAllText(Address).Trim()}" : "")}: stop it, or choose "
                    + "another folder with --data.");
        }
    }

    /// <summary>A file that nobody but this process's user can read: who could open the lock could hold it, and stop the next start.</summary>
    public static FileStreamOptions OwnFile(FileMode mode, FileAccess access, FileShare share = FileShare.Read) =>
        new() { Mode = mode, Access = access, Share = share, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

    /// <summary>A file for what does not fit into memory: no name leads to it, and it is gone with its handle, however the process ends.</summary>
    public FileStream Unnamed()
    {
        var path = In($"{Guid.NewGuid():N}.tmp");
        var file = new FileStream(path, OwnFile(FileMode.CreateNew, FileAccess.ReadWrite));
        File.Delete(path);
        return file;
    }

    public static bool IsRoot => geteuid() == 0;

    public string In(string relative) => Path.Combine(Root, relative);

    /// <summary>
    /// A port that is the same for the same folder, so that a restarted silo takes its predecessor's place in the cluster; the next one if another process has
    /// it.
    /// </summary>
    /// <exception cref="StartException">The address is none of this machine's, or all ports are taken.</exception>
    public int PortFrom(int first, int count, IPAddress address)
    {
        var start = PathHash(Root) % (uint)count;
        return Enumerable.Range(0, count).Select(i => first + (int)((start + i) % count)).FirstOrDefault(p => IsFree(new IPEndPoint(address, p))) is var port
            and not 0
            ? port
            : throw new StartException($"Grid__SiloAddress: all ports of {address} from {first} to {first + count - 1} are taken.");
    }

    private static bool IsFree(IPEndPoint place)
    {
        try
        {
            using var listener = new TcpListener(place);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartException($"Grid__SiloAddress: {place.Address} is not an address of this machine.");
        }
    }

    private static string Default()
    {
        if (IsRoot)
        {
            return "/var/lib/accountgrid";
        }

        var xdg = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        return Path.Combine(string.IsNullOrEmpty(xdg) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share") : xdg,
            "accountgrid");
    }

    private static uint PathHash(string text) => text.Aggregate(2166136261u, (h, c) => unchecked((h ^ c) * 16777619u));

    [DllImport("libc")]
    private static extern uint geteuid();
}
