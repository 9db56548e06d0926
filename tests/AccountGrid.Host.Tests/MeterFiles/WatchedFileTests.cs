using System.IO.Compression;
using System.Text;
using AccountGrid.Host.MeterFiles;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>Which files of the watched folder may be the beginning of a longer one.</summary>
public sealed class WatchedFileTests
{
    [Theory]
    [InlineData("meter,interval_end_utc,kwh\nM1,2026-03-01T00:00:00Z,1.5\n", false)]
    [InlineData("meter,interval_end_utc,kwh\r\nM1,2026-03-01T00:00:00Z,1.5\r\n", false)]
    [InlineData("meter,interval_end_utc,kwh\nM1,2026-03-01T00:00:00Z,1.5\r", true)]
    [InlineData("meter,interval_end_utc,kwh\nM1,2026-03-01T00:00:00Z,1.5", true)]
    [InlineData("12", true)]
    [InlineData("100,NEM12,x\n900", false)]
    [InlineData("100,NEM12,x\r\n900,,\r", false)]
    [InlineData("100,NEM12,x\n90", true)]
    [InlineData("100,NEM12,x\n9001", true)]
    [InlineData("/M\r\n1-0:1.8.0(1*kWh)\r\n!12AB", false)]
    [InlineData("<feed></feed>", false)]
    [InlineData("\ufeff \n<feed/>", false)]
    [InlineData("a<b", true)]
    public void Text_without_an_end_of_its_last_line_may_be_cut_off(string text, bool isCutOff) =>
        Assert.Equal(isCutOff, WatchedFile.IsCutOff(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_file_that_is_cut_within_its_last_line_is_found_wherever_it_is_cut()
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] whole = [.. encoding.Preamble, .. encoding.GetBytes(DayOfData.Intervals("M1"))];
            Assert.False(WatchedFile.IsCutOff(whole));
            var lastLine = encoding.GetByteCount(DayOfData.Intervals("M1").Split('\n')[^2]);
            for (var cut = 1; cut <= lastLine; cut++)
            {
                Assert.True(WatchedFile.IsCutOff(whole.AsSpan(0, whole.Length - cut)), $"{encoding.WebName}: {cut} bytes are missing.");
            }
        }
    }

    [Fact]
    public void Gzip_says_itself_where_it_ends()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("12"u8);
        }

        Assert.False(WatchedFile.IsCutOff(packed.ToArray()));
    }

    [Fact]
    public void Only_files_that_have_their_name_are_seen_the_oldest_first_and_links_as_links()
    {
        using var folder = new Gateways.TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        Directory.CreateDirectory(folder.Of("done"));
        foreach (var (name, minutes) in new[] { ("b.csv", 2), ("a.csv", 2), ("c.csv", 1), (".hidden", 0), ("d.csv.part", 0), ("e.TMP", 0) })
        {
            File.WriteAllText(folder.Of(name), "12\n");
            File.SetLastWriteTimeUtc(folder.Of(name), new DateTime(2026, 3, 1, 0, minutes, 0, DateTimeKind.Utc));
        }

        File.CreateSymbolicLink(folder.Of("l.csv"), "/etc/hostname");
        var seen = WatchedFile.In(folder.Path).ToList();
        Assert.Equal(["c.csv", "a.csv", "b.csv", "l.csv"], seen.Select(f => f.Name));
        Assert.Equal([false, false, false, true], seen.Select(f => f.IsLink));
        Assert.Equal(seen[0], WatchedFile.Look(seen[0].Path));
        File.AppendAllText(seen[0].Path, "3");
        Assert.NotEqual(seen[0], WatchedFile.Look(seen[0].Path));
        Assert.Null(WatchedFile.Look(folder.Of("none.csv")));
    }
}
