namespace AccountGrid.Host.MeterFiles;

/// <summary>A stream that ends in an error once more bytes come than are taken: a small gzip can hold very many.</summary>
internal sealed class BoundedStream(Stream inner, long bytesMax) : ReadOnlyStream(inner)
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = Inner.Read(buffer);
            _read += read;
            return _read <= bytesMax ? read
                : throw new MeterFileException(new FileError(0, "size", $"more than {bytesMax} bytes", $"at most {bytesMax} bytes unpacked; split the file"));
        }
        catch (InvalidDataException)
        {
            throw new MeterFileException(new FileError(0, "gzip", "its content", "gzip that can be unpacked"));
        }
    }
}
