using System.Globalization;
using System.Text;

namespace AccountGrid.Client.Buffering;

/// <summary>
/// Lines in append-only files of a folder, read from a cursor that moves on when what was read is done. What was appended is there after a kill -9, and with
/// <c>flush</c> after a loss of power. The cursor is only a hint: where it is lost or old, lines are read again. A file is never appended to by another process
/// than the one that began it, so that what a crash left at its end stays the end. Files behind the cursor are deleted.
/// </summary>
internal sealed class SegmentLog : IDisposable
{
    private const string Extension = ".seg";
    private const string CursorFile = "cursor";

    /// <summary>Bytes that are read at once.</summary>
    private const int BlockMax = 1 << 20;

    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly bool _flush;
    private readonly Action<string, byte[]> _damaged;
    private readonly Action<string> _flushFolder;

    /// <summary>One append at a time; the state below is guarded by <see cref="_state"/>.</summary>
    private readonly SemaphoreSlim _appending = new(1);
    private readonly Lock _state = new();
    private readonly SortedList<long, long> _lengths = [];
    private LogPosition _cursor;
    private long _next;
    private long _pendingLines;
    private FileStream? _active;
    private long _activeNumber;

    /// <param name="folder">Is made if it is not there.</param>
    /// <param name="segmentBytes">Length from which on the next file is begun.</param>
    /// <param name="flush">Whether an append waits until the storage has it.</param>
    /// <param name="damaged">Is told of a line that is not what was written: its file and its bytes.</param>
    /// <param name="flushFolder">How the storage is made to have a new file's name; <see cref="DurableFolder.Flush"/> if null.</param>
    public SegmentLog(string folder, long segmentBytes, bool flush, Action<string, byte[]> damaged, Action<string>? flushFolder = null)
    {
        (_folder, _segmentBytes, _flush, _damaged, _flushFolder) = (folder, segmentBytes, flush, damaged, flushFolder ?? DurableFolder.Flush);
        DurableFolder.Create(folder);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles($"*{Extension}"))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                _lengths.Add(number, file.Length);
            }
        }

        var kept = ReadCursor();
        _next = Math.Max(_lengths.Count == 0 ? 0 : _lengths.Keys[^1], kept.Segment) + 1;
        _cursor = _lengths.TryGetValue(kept.Segment, out var length)
            ? kept with { Offset = Math.Min(kept.Offset, length) }
            : new LogPosition(_lengths.Keys.FirstOrDefault(n => n > kept.Segment, _next), 0);
        DeleteBehind(_cursor);
        CountPending();
    }

    /// <summary>Is set when lines were appended.</summary>
    public Signal Appended { get; } = new();

    /// <summary>Is set when the cursor has moved on.</summary>
    public Signal Advanced { get; } = new();

    /// <summary>Bytes between the cursor and the end.</summary>
    public long PendingBytes
    {
        get
        {
            lock (_state)
            {
                return PendingBytesHeld;
            }
        }
    }

    private long PendingBytesHeld => _lengths.Values.Sum() - (_lengths.ContainsKey(_cursor.Segment) ? _cursor.Offset : 0);

    /// <summary>Lines between the cursor and the end.</summary>
    public long PendingLines => Interlocked.Read(ref _pendingLines);

    public LogPosition Cursor
    {
        get
        {
            lock (_state)
            {
                return _cursor;
            }
        }
    }

    public LogPosition End
    {
        get
        {
            lock (_state)
            {
                return _lengths.Count == 0 ? _cursor : new LogPosition(_lengths.Keys[^1], _lengths.Values[^1]);
            }
        }
    }

    /// <summary>Appends all lines, or none where there is no room for them; returns when they are kept.</summary>
    /// <param name="texts">Without line feeds.</param>
    /// <param name="bytesMax">Bytes that may be pending with them; null is no bound.</param>
    /// <param name="cancel">Ends the wait for other appends.</param>
    /// <returns>False where there is no room.</returns>
    /// <exception cref="IOException">They could not be written; some of them may be kept all the same.</exception>
    public async ValueTask<bool> AppendAsync(IReadOnlyList<byte[]> texts, long? bytesMax = null, CancellationToken cancel = default)
    {
        await _appending.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (PendingBytes + texts.Sum(t => (long)LineFrame.LengthOf(t)) > (bytesMax ?? long.MaxValue))
            {
                return false;
            }

            for (var i = 0; i < texts.Count;)
            {
                i += await WriteAsync(texts, i).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            _appending.Release();
            Appended.Set();
        }
    }

    /// <summary>Lines from the cursor on; none at the end.</summary>
    public LogChunk Read(int linesMax, int bytesMax)
    {
        var lines = new List<byte[]>();
        LogPosition at;
        KeyValuePair<long, long>[] segments;
        lock (_state)
        {
            (at, segments) = (_cursor, [.. _lengths.Where(s => s.Key >= _cursor.Segment)]);
        }

        var (bytes, passed) = (0, 0);
        foreach (var (number, length) in segments)
        {
            at = number == at.Segment ? at : new LogPosition(number, 0);
            using var file = OpenToRead(number);
            var there = Math.Min(length, file?.Length ?? 0);
            while (at.Offset < there && lines.Count < linesMax && bytes < bytesMax)
            {
                at = at with { Offset = ReadBlock(file!, at, there, linesMax, bytesMax, lines, ref bytes, ref passed) };
            }

            if (there < length && at.Offset >= there)
            {
                // Somebody has deleted or cut it: there is nothing to wait for.
                _damaged(PathOf(number), []);
                at = at with { Offset = length };
            }

            if (at.Offset < length)
            {
                break;
            }
        }

        return new LogChunk(lines, at, passed);
    }

    /// <summary>What was read is done.</summary>
    public void Advance(LogChunk done)
    {
        var to = done.End;
        lock (_state)
        {
            _cursor = to;
        }

        Interlocked.Add(ref _pendingLines, -done.Passed);
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{to.Segment} {to.Offset}"));
        var line = new byte[LineFrame.LengthOf(text)];
        LineFrame.Write(text, line);
        var file = Path.Combine(_folder, CursorFile);
        try
        {
            File.WriteAllBytes(file + ".new", line);
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk, say, which the deletion below helps. The next one is written; without it lines are read again after a start.
        }

        try
        {
            DeleteBehind(to);
        }
        finally
        {
            Advanced.Set();
        }
    }

    public void Dispose()
    {
        _active?.Dispose();
        _appending.Dispose();
    }

    private FileStream? OpenToRead(long number)
    {
        try
        {
            return new FileStream(PathOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(long number) => Path.Combine(_folder, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Writes as many lines as belong into the active file, and returns how many those are.</summary>
    private async Task<int> WriteAsync(IReadOnlyList<byte[]> texts, int from)
    {
        if (_active is null || _active.Position >= _segmentBytes)
        {
            Begin();
        }

        using var block = new MemoryStream();
        var count = 0;
        while (from + count < texts.Count && _active!.Position + block.Length < _segmentBytes)
        {
            var line = new byte[LineFrame.LengthOf(texts[from + count])];
            LineFrame.Write(texts[from + count], line);
            block.Write(line);
            count++;
        }

        var good = _active!.Position;
        try
        {
            await _active.WriteAsync(block.GetBuffer().AsMemory(0, (int)block.Length)).ConfigureAwait(false);
            _active.Flush(_flush);
        }
        catch
        {
            Abandon(good);
            throw;
        }

        lock (_state)
        {
            _lengths[_activeNumber] = _active.Position;
        }

        Interlocked.Add(ref _pendingLines, count);
        return count;
    }

    private void Begin()
    {
        _active?.Dispose();
        _active = null;
        var number = _next++;

        // Without a buffer of its own: what is written is the system's at once. Never a file that is there: another process may have it.
        var file = new FileStream(PathOf(number), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: false);
        try
        {
            if (_flush)
            {
                _flushFolder(_folder);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _active = file;
        lock (_state)
        {
            _activeNumber = number;
            _lengths.Add(number, 0);
        }
    }

    /// <summary>The disk is full, say: nothing is appended behind half a line.</summary>
    private void Abandon(long good)
    {
        try
        {
            _active!.SetLength(good);
            _active.Seek(good, SeekOrigin.Begin);
            return;
        }
        catch (IOException)
        {
            // What is behind the last good line is passed over when the file is read.
        }

        var broken = _active!;
        _active = null;
        try
        {
            broken.Dispose();
        }
        catch (IOException)
        {
            // It is not used any more.
        }
    }

    /// <summary>Takes the whole lines of a block; returns where the next one begins.</summary>
    private long ReadBlock(FileStream file, LogPosition at, long length, int linesMax, int bytesMax, List<byte[]> lines, ref int bytes, ref int passed)
    {
        var block = new byte[Math.Min(length - at.Offset, Math.Min(BlockMax, Math.Max(bytesMax - bytes, 0)) + LineFrame.LengthMax)];
        file.Seek(at.Offset, SeekOrigin.Begin);
        file.ReadExactly(block);
        var begin = 0;
        while (lines.Count < linesMax && bytes < bytesMax && Array.IndexOf(block, LineFrame.LineFeed, begin) is >= 0 and var end)
        {
            if (LineFrame.TryRead(block.AsSpan(begin, end - begin), out var text))
            {
                lines.Add(text.ToArray());
                bytes += text.Length;
            }
            else
            {
                _damaged(PathOf(at.Segment), block[begin..end]);
            }

            begin = end + 1;
            passed++;
        }

        if (begin == 0)
        {
            // Behind the last line feed is what a crash left of a line: its append has not returned. Within a file it is damage.
            var isTail = at.Offset + block.Length == length;
            if (!isTail)
            {
                _damaged(PathOf(at.Segment), block);
            }

            return at.Offset + block.Length;
        }

        return at.Offset + begin;
    }

    private LogPosition ReadCursor()
    {
        try
        {
            var line = File.ReadAllBytes(Path.Combine(_folder, CursorFile));
            if (line.Length > 0 && line[^1] == LineFrame.LineFeed && LineFrame.TryRead(line.AsSpan(0, line.Length - 1), out var text))
            {
                var parts = Encoding.ASCII.GetString(text).Split(' ');
                return new LogPosition(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
            }
        }
        catch (FileNotFoundException)
        {
            // A new folder.
        }

        return default;
    }

    private void DeleteBehind(LogPosition position)
    {
        List<long> done;
        lock (_state)
        {
            done = [.. _lengths.Keys.Where(n => n < position.Segment)];
            done.ForEach(n => _lengths.Remove(n));
        }

        done.ForEach(n => File.Delete(PathOf(n)));
    }

    /// <summary>Counts what a process before this one left; what is damaged is told when it is read.</summary>
    private void CountPending()
    {
        foreach (var (number, length) in _lengths.Where(s => s.Key >= _cursor.Segment))
        {
            using var file = new FileStream(PathOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
            file.Seek(number == _cursor.Segment ? Math.Min(_cursor.Offset, length) : 0, SeekOrigin.Begin);
            var block = new byte[1 << 16];
            while (file.Read(block) is > 0 and var read)
            {
                _pendingLines += block.AsSpan(0, read).Count(LineFrame.LineFeed);
            }
        }
    }
}
