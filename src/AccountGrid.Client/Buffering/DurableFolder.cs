using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AccountGrid.Client.Buffering;

/// <summary>Names of files in a folder. On Unix a new file is there after a loss of power only once its folder was flushed as well.</summary>
internal static class DurableFolder
{
    private const int ReadOnly = 0;

    /// <summary>Makes a folder and those above it that are not there, and flushes what names each.</summary>
    public static void Create(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(path) || Path.GetDirectoryName(path) is not { } parent)
        {
            return;
        }

        Create(parent);
        Directory.CreateDirectory(path);
        Flush(parent);
    }

    /// <summary>Waits until the storage has the names of a folder's files. File systems that do not know of it, and Windows, do it by themselves.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"The folder '{folder}' cannot be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>The framework opens no folders. The path ends with a zero.</summary>
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);
}
