using System.IO.Compression;

namespace AccountGrid.Host.MeterFiles;

/// <summary>A file's bytes, unpacked where it is gzip. It can be opened again, for a second look at it.</summary>
/// <param name="open">Opens the file as it is stored; seekable.</param>
/// <param name="unpackedBytesMax">Bytes that it may have unpacked.</param>
public sealed class MeterFileSource(Func<Stream> open, long unpackedBytesMax = MeterFileLimits.UnpackedBytesMax)
{
    public static MeterFileSource OfFile(string path) => new(() => File.OpenRead(path));

    public Stream Open()
    {
        var file = open();
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return new BoundedStream(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file, unpackedBytesMax);
    }

    /// <summary>The first bytes of the unpacked file.</summary>
    public byte[] Head(int bytes)
    {
        using var stream = Open();
        var head = new byte[bytes];
        return head[..stream.ReadAtLeast(head, bytes, throwOnEndOfStream: false)];
    }
}
