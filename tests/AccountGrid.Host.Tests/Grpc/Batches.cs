using System.Globalization;
using AccountGrid.Host.Grpc;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>Batches as a gateway makes them.</summary>
internal static class Batches
{
    public const int MinuteMs = 60_000;

    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture);

    /// <summary>Readings of meters by their place, minutes after <see cref="Start"/>, and Wh.</summary>
    public static ReadingBatch Of(string id, string[] meters, params (uint Meter, long Minutes, long Wh)[] readings)
    {
        var batch = new ReadingBatch { BatchId = id, BaseTimeMs = Start.ToUnixTimeMilliseconds(), Meters = { meters } };
        foreach (var (meter, minutes, wh) in readings)
        {
            batch.MeterIndex.Add(meter);
            batch.TimeDeltaMs.Add(minutes * MinuteMs);
            batch.Value.Add(wh);
        }

        return batch;
    }

    /// <summary>One reading of one meter.</summary>
    public static ReadingBatch Of(string meter, long minutes, long wh) => Of($"{meter}-{minutes}", [meter], (0, minutes, wh));
}
