using System.Text;
using AccountGrid.Client.Buffering;
using CsCheck;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The buffer's files: what was appended is read once the cursor comes to it, whatever a crash left of the last line.</summary>
public sealed class SegmentLogTests : IDisposable
{
    private const int SegmentBytes = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _damaged = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_appended_is_read_by_the_next_process_from_where_the_last_one_stood()
    {
        using (var log = Open())
        {
            await AppendAsync(log, 0, 50);
            var done = log.Read(20, int.MaxValue);
            Assert.Equal(Numbers(0, 20), Texts(done));
            log.Advance(done);
        }

        using var again = Open();
        Assert.Equal(30, again.PendingLines);
        Assert.Equal(Numbers(20, 30), Texts(again.Read(1_000, int.MaxValue)));
        again.Advance(again.Read(1_000, int.MaxValue));
        Assert.Equal(0, again.PendingLines);
        Assert.Equal(0, again.PendingBytes);
        Assert.Single(Segments());
    }

    [Fact]
    public async Task A_torn_tail_costs_the_line_that_is_torn_and_no_other()
    {
        using (var log = Open(1 << 20))
        {
            await AppendAsync(log, 0, 3);
        }

        var file = Assert.Single(Segments());
        var whole = await File.ReadAllBytesAsync(file);
        var lineLength = whole.Length / 3;
        for (var kept = whole.Length - 1; kept > whole.Length - lineLength; kept--)
        {
            using var torn = new TemporaryFolder();
            await File.WriteAllBytesAsync(torn.Of(Path.GetFileName(file)), whole[..kept]);
            using var log = new SegmentLog(torn.Path, 1 << 20, flush: false, (_, line) => _damaged.Add(Encoding.UTF8.GetString(line)));
            await AppendAsync(log, 3, 1);
            Assert.Equal(["0", "1", "3"], Texts(log.Read(10, int.MaxValue)));
        }

        Assert.Empty(_damaged);
    }

    [Fact]
    public async Task Each_byte_that_is_damaged_costs_the_lines_that_it_is_in_and_is_told()
    {
        using (var log = Open(1 << 20))
        {
            await AppendAsync(log, 0, 5);
        }

        var file = Assert.Single(Segments());
        var whole = await File.ReadAllBytesAsync(file);
        var lineLength = whole.Length / 5;
        for (var i = lineLength; i < 2 * lineLength; i++)
        {
            _damaged.Clear();
            var bad = whole.ToArray();
            bad[i] ^= 0x01;
            await File.WriteAllBytesAsync(file, bad);
            using var log = Open(1 << 20);
            var read = Texts(log.Read(10, int.MaxValue));
            Assert.Equal(i == (2 * lineLength) - 1 ? ["0", "3", "4"] : ["0", "2", "3", "4"], read);
            Assert.Single(_damaged);
        }
    }

    [Fact]
    public async Task What_has_no_room_is_not_appended_at_all_and_room_comes_with_the_cursor()
    {
        using var log = Open();
        Assert.True(await log.AppendAsync(Lines(0, 10), 150));
        Assert.False(await log.AppendAsync(Lines(10, 10), 150));
        Assert.Equal(10, log.PendingLines);
        log.Advance(log.Read(10, int.MaxValue));
        Assert.True(await log.AppendAsync(Lines(10, 10), 150));
        Assert.Equal(Numbers(10, 10), Texts(log.Read(100, int.MaxValue)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_folder_is_flushed_with_each_file_that_is_begun(bool flush)
    {
        var flushed = new List<string>();
        using var log = new SegmentLog(_folder.Path, SegmentBytes, flush, (_, _) => { }, flushed.Add);
        await AppendAsync(log, 0, 50);
        Assert.True(Segments().Length > 1);
        Assert.Equal(Enumerable.Repeat(_folder.Path, flush ? Segments().Length : 0), flushed);
    }

    [Fact]
    public async Task A_file_whose_folder_cannot_be_flushed_takes_nothing()
    {
        var fails = true;
        void Flush(string folder)
        {
            if (fails)
            {
                throw new IOException(folder);
            }
        }

        using var log = new SegmentLog(_folder.Path, SegmentBytes, flush: true, (_, _) => { }, Flush);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(log, 0, 3));
        fails = false;
        await AppendAsync(log, 3, 3);
        Assert.Equal(Numbers(3, 3), Texts(log.Read(10, int.MaxValue)));
    }

    [Fact]
    public void A_folder_is_made_with_those_above_it_and_is_flushed_where_it_is()
    {
        var folder = _folder.Of("a", "b");
        DurableFolder.Create($"{folder}/");
        DurableFolder.Create(folder);
        Assert.True(Directory.Exists(folder));
        DurableFolder.Flush(folder);
        Assert.Throws<IOException>(() => DurableFolder.Flush(_folder.Of("none")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000 3 17\n")]
    public async Task A_lost_cursor_reads_again_what_was_not_deleted(string cursor)
    {
        using (var log = Open())
        {
            await AppendAsync(log, 0, 40);
            log.Advance(log.Read(30, int.MaxValue));
        }

        await File.WriteAllTextAsync(_folder.Of("cursor"), cursor);
        using var again = Open();
        var read = Texts(again.Read(1_000, int.MaxValue));
        Assert.Equal(Numbers(40 - read.Count, read.Count), read);
        Assert.True(read.Count >= 10);
    }

    /// <summary>Against a list: appends, reads, acknowledgements, ends of the process and half lines in any order.</summary>
    [Fact]
    public void It_is_a_queue_whatever_happens_in_which_order() => Gen.Int[0, 4].Array[1, 60].Sample(steps =>
    {
        using var folder = new TemporaryFolder();
        var expected = new Queue<string>();
        var next = 0;
        var log = new SegmentLog(folder.Path, SegmentBytes, flush: false, (_, _) => Assert.Fail("Nothing is damaged."));
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0 or 1:
                    Assert.True(log.AppendAsync(Lines(next, 7)).AsTask().GetAwaiter().GetResult());
                    Numbers(next, 7).ForEach(expected.Enqueue);
                    next += 7;
                    break;
                case 2:
                    var chunk = log.Read(5, int.MaxValue);
                    Texts(chunk).ForEach(t => Assert.Equal(expected.Dequeue(), t));
                    log.Advance(chunk);
                    break;
                default:
                    log.Dispose();
                    if (step == 4 && Directory.GetFiles(folder.Path, "*.seg").Order().LastOrDefault() is { } last)
                    {
                        File.AppendAllText(last, "0badc0de half a li");
                    }

                    log = new SegmentLog(folder.Path, SegmentBytes, flush: false, (_, _) => Assert.Fail("Nothing is damaged."));
                    break;
            }
        }

        Assert.Equal(expected, Texts(log.Read(10_000, int.MaxValue)));
        Assert.Equal(expected.Count, log.PendingLines);
        log.Dispose();
    }, iter: 200);

    private SegmentLog Open(long segmentBytes = SegmentBytes) =>
        new(_folder.Path, segmentBytes, flush: true, (_, line) => _damaged.Add(Encoding.UTF8.GetString(line)));

    private string[] Segments() => Directory.GetFiles(_folder.Path, "*.seg");

    private static async Task AppendAsync(SegmentLog log, int from, int count) => Assert.True(await log.AppendAsync(Lines(from, count)));

    private static List<string> Numbers(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private static List<byte[]> Lines(int from, int count) => [.. Numbers(from, count).Select(Encoding.UTF8.GetBytes)];

    private static List<string> Texts(LogChunk chunk) => [.. chunk.Lines.Select(Encoding.UTF8.GetString)];
}
