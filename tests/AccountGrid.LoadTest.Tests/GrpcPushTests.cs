using System.Text.Json;
using AccountGrid.Host.Grpc;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Tests;

/// <summary>What is sent over gRPC is what would be sent over HTTP.</summary>
public sealed class GrpcPushTests
{
    [Fact]
    public void Columns_say_what_the_lines_say()
    {
        var lines = new LineBuffer();
        lines.Add("C", 40, 1_793_491_200_000, 5);
        lines.Add("C", 41, 1_793_491_199_000, 123_456_789_012);
        lines.Add("C", 40, 1_793_491_260_000, 0);
        var batch = new ReadingBatch { Meters = { "CM0000040", "CM0000041" }, Value = { 7 } };
        GrpcPush.Fill(batch, lines, 40);
        var sent = lines.Written.ToArray().AsSpan();
        for (var i = 0; i < 3; i++)
        {
            var end = sent.IndexOf((byte)'\n');
            var line = JsonDocument.Parse(sent[..end].ToArray()).RootElement;
            Assert.Equal((line.GetProperty("meter").GetString(), line.GetProperty("ts").GetInt64(), line.GetProperty("value").GetInt64()),
                (batch.Meters[(int)batch.MeterIndex[i]], batch.BaseTimeMs + batch.TimeDeltaMs[i], batch.Value[i]));
            sent = sent[(end + 1)..];
        }

        Assert.Equal((3, 3, 3), (batch.Value.Count, batch.MeterIndex.Count, batch.TimeDeltaMs.Count));
    }
}
