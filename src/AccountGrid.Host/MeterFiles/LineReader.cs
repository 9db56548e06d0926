using System.Text;

namespace AccountGrid.Host.MeterFiles;

/// <summary>A file's lines, one at a time, of a bounded length, in an encoding that is taken strictly.</summary>
internal sealed class LineReader : IDisposable
{
    private const int BlockChars = 32 * 1024;

    private readonly StreamReader _reader;
    private readonly string _encoding;
    private readonly char[] _block = new char[BlockChars];
    private readonly StringBuilder _line = new();
    private int _at;
    private int _length;

    static LineReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="encoding">Its name; null is UTF-8. A byte order mark of UTF-8 or UTF-16 stands before it.</param>
    public LineReader(Stream stream, string? encoding = null)
    {
        var head = new byte[3];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        (_encoding, var mark) = head switch
        {
            [0xef, 0xbb, 0xbf] => ("utf-8", 3),
            [0xff, 0xfe, _] => ("utf-16", 2),
            [0xfe, 0xff, _] => ("utf-16BE", 2),
            _ => (encoding ?? "utf-8", 0),
        };
        _reader = new StreamReader(new PrefixedStream(head.AsMemory(mark..length), stream), Find(_encoding)!, detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>An encoding by its name, strict; null where there is none.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The next line without its end; null behind the last.</summary>
    /// <exception cref="MeterFileException">It is too long, has a NUL character, or is no text of the encoding.</exception>
    public string? Next()
    {
        _line.Clear();
        Number++;
        while (Fill())
        {
            var rest = _block.AsSpan(_at, _length - _at);
            var end = rest.IndexOf('\n');
            _line.Append(end < 0 ? rest : rest[..end]);
            _at += end < 0 ? rest.Length : end + 1;
            if (_line.Length > MeterFileLimits.LineMax)
            {
                throw new MeterFileException(new FileError(Number, "line", $"more than {MeterFileLimits.LineMax} characters", "a line of this format"));
            }

            if (end >= 0)
            {
                return Line();
            }
        }

        return _line.Length > 0 ? Line() : null;
    }

    public void Dispose() => _reader.Dispose();

    private string Line()
    {
        var line = _line.Length > 0 && _line[^1] == '\r' ? _line.ToString(0, _line.Length - 1) : _line.ToString();
        return !line.Contains('\0') ? line : throw new MeterFileException(
            new FileError(Number, "line", line, $"text without NUL characters; perhaps the file's encoding is not {_encoding}"));
    }

    private bool Fill()
    {
        if (_at < _length)
        {
            return true;
        }

        try
        {
            (_at, _length) = (0, _reader.Read(_block));
            return _length > 0;
        }
        catch (DecoderFallbackException)
        {
            throw new MeterFileException(new FileError(0, "encoding", $"its text from about line {Number} on",
                $"{_encoding}; save the file as UTF-8, or name its encoding in the mapping, such as gb18030 or windows-1252"));
        }
    }
}
