namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// XML whose tags, comments and CDATA sections are of a bounded length: a reader of XML keeps each of them whole in memory, however long it is.
/// </summary>
internal sealed class TagBoundStream(Stream inner, int bytesMax) : ReadOnlyStream(inner)
{
    private long _inTag = -1;

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        for (var rest = buffer[..read]; rest.Length > 0;)
        {
            var at = rest.IndexOf(_inTag < 0 ? (byte)'<' : (byte)'>');
            if (_inTag >= 0)
            {
                _inTag += at < 0 ? rest.Length : at;
                if (_inTag > bytesMax)
                {
                    throw new MeterFileException(new FileError(0, "xml", $"a tag, comment or CDATA of more than {bytesMax} bytes", "one of this format"));
                }
            }

            _inTag = at < 0 ? _inTag : _inTag < 0 ? 0 : -1;
            rest = at < 0 ? default : rest[(at + 1)..];
        }

        return read;
    }
}
