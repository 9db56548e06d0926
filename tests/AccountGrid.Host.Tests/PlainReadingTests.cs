using System.Text;
using System.Text.Json;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Tests;

/// <summary>The short way of reading a line says the same as the parser proper, or leaves the line to it.</summary>
public sealed class PlainReadingTests
{
    private const long LatestMs = 1_900_000_000_000;

    private static readonly string[] Seeds =
    [
        "{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":123456780}",
        "{\"meter\":\"CN000000123456\",\"obis\":\"1.8.0\",\"ts\":1793491200000,\"value\":0}",
        "{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":1000000000000000}",
        "{\"meter\":\"M1\",\"obis\":\"2.8.0\",\"ts\":1793491200000,\"value\":5,\"q\":[\"estimated\"]}",
    ];

    private const string Edits = "\"{}:,0123456789abM\\ .-\u007f\t";

    [Fact]
    public void It_takes_the_line_that_gateways_send()
    {
        Assert.True(PlainReading.TryParse(Encoding.UTF8.GetBytes(Seeds[0]), LatestMs, out var reading));
        Assert.Equal((1_793_491_200_000, 123_456_780), (reading.TimeMs, reading.ValueWh));
    }

    [Theory]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":01}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":-1}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":1.0}")]
    [InlineData("{\"meter\":\"M\\u0031\",\"ts\":1793491200000,\"value\":1}")]
    [InlineData("{\"meter\":\"\",\"ts\":1793491200000,\"value\":1}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1993491200000,\"value\":1}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":1000000000000001}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":1}}")]
    [InlineData("{\"meter\":\"M1\",\"ts\":1793491200000,\"value\":99999999999999999999}")]
    [InlineData("")]
    public void It_leaves_every_other_line_to_the_parser_proper(string line) =>
        Assert.False(PlainReading.TryParse(Encoding.UTF8.GetBytes(line), LatestMs, out _));

    [Fact]
    public void Whatever_it_takes_the_parser_proper_takes_for_the_same()
    {
        var random = new Random(4711);
        var taken = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var line = Encoding.UTF8.GetBytes(Seeds[i % Seeds.Length]);
            for (var edits = random.Next(3); edits > 0; edits--)
            {
                line[random.Next(line.Length)] = (byte)Edits[random.Next(Edits.Length)];
            }

            if (PlainReading.TryParse(line, LatestMs, out var plain))
            {
                taken++;
                Assert.Equal(Proper(line), plain);
            }
        }

        Assert.InRange(taken, 50_000, 199_999);
    }

    private static WireReading? Proper(byte[] line)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        var reading = ReadingParser.Parse(ref json, LatestMs, out _);
        Assert.False(json.Read());
        return reading;
    }
}
