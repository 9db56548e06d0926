using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Tests;

/// <summary>Mutated inputs at every way in: nothing throws what it should not, nothing hangs, nothing is answered with the grid's own error.</summary>
public sealed class FuzzTests(GridFixture grid)
{
    private static readonly byte[][] Lines =
    [
        "{\"meter\":\"M1\",\"ts\":\"2026-03-01T01:00:00Z\",\"value\":1000}"u8.ToArray(),
        Encoding.UTF8.GetBytes(
            "{\"meter\":\"M1\",\"ts\":1772326800000,\"value\":1000.5,\"unit\":\"kWh\",\"register\":\"export\","
                + "\"quality\":[\"estimated\"],\"revision\":3}"),
        Encoding.UTF8.GetBytes(
            "{\"readings\":[{\"meter\":\"M1\",\"ts\":\"2026-03-01T01:00:00+08:00\",\"value\":\"1000\"},"
                + "{\"meter\":\"M\\u00e9\",\"ts\":0,\"value\":-1}]}"),
        "[]"u8.ToArray(), "{}"u8.ToArray(), "nul"u8.ToArray(), "{\"meter\":null,\"ts\":9223372036854775807,\"value\":1e308}"u8.ToArray(),
    ];

    [Fact]
    public void A_million_mutated_batches_are_read_or_refused()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var input = Mutate(random, Lines);
            try
            {
                var (batch, refusal) = BatchReader.Parse(input, random.Next(2) == 0, 1_790_000_000_000);
                Assert.True(batch is not null || refusal is { Code.Status: >= 400 and < 500, Detail.Length: > 0 });
                read += batch?.Readings.Count ?? 0;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {seed}, input {i}: {e.GetType().Name}: {e.Message}\n{Convert.ToBase64String(input)}");
            }
        }

        Assert.True(read > 10_000, "Hardly anything was read: the mutations only make rubbish.");
    }

    [Fact]
    public void A_million_mutated_log_records_are_decoded_or_named_as_undecodable()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[][] records =
        [
            LogRecords.Encode(1_790_000_000_000, new Reading(7, RegisterKind.Import, 1_789_999_000_000, 12_345, ReadingQuality.None, 0),
                new Reading(8, RegisterKind.Export, 1_789_999_900_000, long.MaxValue, ReadingQuality.Estimated, 255)),
            LogRecords.Encode(1_790_000_000_000, new Domain.Commands.TakePayment(1, new(1_000_000_000), "counter", "a reference")),
            LogRecords.Encode(1_790_000_000_000, new Domain.Commands.Check(1_790_000_000_000, [1, 2, 3])),
        ];
        var decoded = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var input = Mutate(random, records);
            try
            {
                var reader = new LogRecords.Reader(input);
                for (var n = 0; reader.Next(); n++)
                {
                    decoded++;
                    Assert.True(n <= input.Length, "It never ends.");
                }
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
            {
                // What the fold quarantines.
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {seed}, input {i}: {e.GetType().Name}: {e.Message}\n{Convert.ToBase64String(input)}");
            }
        }

        Assert.True(decoded > 10_000);
    }

    [Fact]
    public async Task Thousands_of_mutated_requests_never_get_the_grids_own_error()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < 3_000; i++)
        {
            var input = Mutate(random, Lines);
            var content = new ByteArrayContent(input);
            content.Headers.TryAddWithoutValidation("Content-Type",
                random.Next(8) == 0 ? "application/json; charset=utf-16" : random.Next(2) == 0 ? "application/x-ndjson" : "application/json");
            if (random.Next(6) == 0)
            {
                content.Headers.TryAddWithoutValidation("Content-Encoding", random.Next(3) == 0 ? "br" : "gzip");
            }

            using var response = await grid.Http.PostAsync("/v1/readings", content);
            var status = (int)response.StatusCode;
            Assert.True(status is 200 or 400 or 413 or 415 or 422, $"Seed {seed}, input {i}: {status}\n{Convert.ToBase64String(input)}");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        Assert.True(statuses.Count >= 3, string.Join(", ", statuses));
    }

    private static byte[] Mutate(Random random, byte[][] seeds)
    {
        var input = new List<byte>(seeds[random.Next(seeds.Length)]);
        for (var changes = random.Next(6); changes > 0; changes--)
        {
            var at = random.Next(input.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < input.Count:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < input.Count:
                    input.RemoveRange(at, Math.Min(random.Next(1, 9), input.Count - at));
                    break;
                case 2:
                    input.InsertRange(at,
                        Encoding.UTF8.GetBytes(
                            ((string[])["\n", "\0", "{", "}", "\"", "\\u0000", "999999999999999999999", "-0", "1e400", "NaN", "\uFEFF", "\u2028", "[[[[",
                                "\\ud800"])[random.Next(14)]));
                    break;
                case 3:
                    var other = seeds[random.Next(seeds.Length)];
                    input.InsertRange(at, other.Take(random.Next(other.Length)));
                    break;
                case 4 when at < input.Count:
                    input[at] = (byte)random.Next(256);
                    break;
                case 5:
                    input.AddRange("\n"u8);
                    input.AddRange(seeds[random.Next(seeds.Length)]);
                    break;
            }
        }

        return [.. input];
    }
}
