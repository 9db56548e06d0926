using System.Text.Json;
using AccountGrid.Host.Measures;

namespace AccountGrid.Host.Operations;

/// <summary>What a process says of itself.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Readings">Acknowledged in the last minute.</param>
/// <param name="DatabaseBytes">Size of the grid's database on its first server, as of some minutes ago.</param>
/// <param name="Faults">Last warnings and errors of its log, newest first.</param>
internal sealed record ProcessBody(
    string Version, DateTimeOffset StartedAt, long Readings, LatencyCounts Acknowledgements, LatencyCounts Freshness, IReadOnlyList<Fault> Faults,
    long DatabaseBytes)
{
    /// <summary>
    /// What another process wrote, which may be of another release: what is not known is passed over, and what cannot be read says nothing.
    /// </summary>
    public static ProcessBody Read(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ProcessBody>(json, JsonSerializerOptions.Web)!;
            return read with
            {
                Version = read.Version ?? "",
                Acknowledgements = Known(read.Acknowledgements),
                Freshness = Known(read.Freshness),
                Faults = read.Faults ?? [],
            };
        }
        catch (JsonException)
        {
            return new("", default, 0, LatencyCounts.None, LatencyCounts.None, [], 0);
        }
    }

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    private static LatencyCounts Known(LatencyCounts? counts) => counts?.Buckets is null ? LatencyCounts.None : counts;
}
