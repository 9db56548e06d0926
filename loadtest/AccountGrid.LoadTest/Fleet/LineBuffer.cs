using System.Buffers.Text;
using System.Text;

namespace AccountGrid.LoadTest.Fleet;

/// <summary>NDJSON lines of readings, written as bytes.</summary>
public sealed class LineBuffer
{
    private const int LineBytesMax = 96;
    private byte[] _bytes = new byte[16 << 10];
    private byte[] _head = [];
    private string _prefix = "";

    public int Length { get; private set; }

    public int Lines { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => (Length, Lines) = (0, 0);

    public void Add(string prefix, int number, long timeMs, long wh)
    {
        if (!ReferenceEquals(prefix, _prefix))
        {
            (_prefix, _head) = (prefix, Encoding.UTF8.GetBytes($"{{\"meter\":\"{prefix}M"));
        }

        Reserve(LineBytesMax);
        var to = _bytes.AsSpan(Length);
        _head.CopyTo(to);
        var at = _head.Length;
        for (var (i, rest) = (6, number); i >= 0; i--, rest /= 10)
        {
            to[at + i] = (byte)('0' + (rest % 10));
        }

        at += 7;
        at += Put(to[at..], "\",\"ts\":"u8);
        Utf8Formatter.TryFormat(timeMs, to[at..], out var written);
        at += written;
        at += Put(to[at..], ",\"value\":"u8);
        Utf8Formatter.TryFormat(wh, to[at..], out written);
        at += written;
        at += Put(to[at..], "}\n"u8);
        Length += at;
        Lines++;
    }

    /// <summary>Moves lines to another buffer: the one of this number, from 0, and every so many-th behind it.</summary>
    public void Withhold(int first, int every, LineBuffer into)
    {
        var kept = 0;
        var number = 0;
        for (var at = 0; at < Length; number++)
        {
            var size = _bytes.AsSpan(at, Length - at).IndexOf((byte)'\n') + 1;
            if (number >= first && (number - first) % every == 0)
            {
                into.Append(_bytes.AsSpan(at, size), 1);
                Lines--;
            }
            else
            {
                _bytes.AsSpan(at, size).CopyTo(_bytes.AsSpan(kept));
                kept += size;
            }

            at += size;
        }

        Length = kept;
    }

    /// <summary>Copies lines, by their numbers from 0, to another buffer.</summary>
    public void CopyTo(IReadOnlySet<int> numbers, LineBuffer into)
    {
        var number = 0;
        for (var at = 0; at < Length; number++)
        {
            var size = _bytes.AsSpan(at, Length - at).IndexOf((byte)'\n') + 1;
            if (numbers.Contains(number))
            {
                into.Append(_bytes.AsSpan(at, size), 1);
            }

            at += size;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes, int lines)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        Lines += lines;
    }

    private void Reserve(int size)
    {
        if (Length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        }
    }

    private static int Put(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }
}
