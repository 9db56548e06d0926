using System.IO.Compression;
using AccountGrid.Host.Ingest;
using Grpc.Net.Compression;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// gzip of messages: at most as much is unpacked as a batch may have, and what is cut off is no message. The library's own unpacks without a bound, and hands
/// on what there is.
/// </summary>
internal sealed class BoundedGzip : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>A message that is unpacked already; it lies in memory.</summary>
    public Stream CreateDecompressionStream(Stream stream)
    {
        var packed = new MemoryStream();
        stream.CopyTo(packed);
        packed.Position = 0;
        var unpacked = new byte[GrpcLimits.BatchBytesMax + 1];
        int length;
        try
        {
            using var unpacking = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            length = unpacking.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw GrpcErrors.Of(RequestRefusals.BodyGzipInvalid, "The message is not valid gzip.");
        }

        return length > GrpcLimits.BatchBytesMax
            ? throw GrpcErrors.Of(RequestRefusals.BodyTooLarge, $"The message has more than {GrpcLimits.BatchBytesMax} bytes unpacked; send smaller batches.")
            : BatchReader.IsWhole(packed.GetBuffer(), (int)packed.Length, length)
                ? new MemoryStream(unpacked, 0, length, writable: false)
                : throw GrpcErrors.Of(RequestRefusals.BodyGzipInvalid, "The message is cut off, or something follows its last member of gzip.");
    }
}
