using System.Globalization;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace AccountGrid.Cluster.Tests;

/// <summary>A silo ends in the middle of a stream of readings; the gateway goes on with the other one.</summary>
public sealed class GrpcKillTests : IAsyncLifetime
{
    private const int Meters = 20;
    private const int Rounds = 1_000;

    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture);

    private readonly TestFolder _folder = new();
    private readonly List<(GridProcess Silo, string Url)> _silos = [];
    private readonly Queue<ReadingBatch> _unanswered = new(Enumerable.Range(1, Rounds).Select(Round));
    private TestPostgres _postgres = null!;
    private string _database = "";
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        _postgres = await TestPostgres.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        await StartAsync();
        await StartAsync();
        using var client = _silos[0].Silo.Client();
        await client.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        await client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
        for (var i = 0; i < Meters; i++)
        {
            await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest($"A{i}", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
            await client.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest($"A{i}", "G1", $"A{i}", Start));
        }

        _key = (await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "stream", "G1"))).Key;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (silo, _) in _silos)
        {
            await silo.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_killed_silo_and_one_that_stops_lose_and_double_nothing_of_a_stream()
    {
        // Killed while batches are under way: the gateway does not know which were taken.
        await StreamAsync(0, Rounds / 4, () => _silos[0].Silo.KillAsync());
        Assert.NotEmpty(_unanswered);
        await StartAsync();

        // Told to stop: it answers what it has, says so, and is not held up by the stream.
        var stopped = 0;
        var ended = await StreamAsync(1, Rounds / 4, async () => stopped = await _silos[1].Silo.StopAsync());
        Assert.Equal((0, StatusCode.Unavailable), (stopped, ended));
        Assert.NotEmpty(_unanswered);
        await StreamAsync(2, Rounds, () => Task.CompletedTask);
        Assert.Empty(_unanswered);
        using var client = _silos[2].Silo.Client();
        for (var i = 0; i < Meters; i++)
        {
            await Eventually.GetAsync(() => client.GetAsync<MeterAnswer>($"/v1/meters/A{i}"), m => m.ChargedWh == Rounds * 100L && m.HeldWh == 0,
                $"All energy of A{i} is charged");
        }

        await Town.AssertAuditAsync(_silos[2].Silo);
    }

    /// <summary>Sends all that has no answer through one stream; after so many answers something happens. Returns how the stream ended.</summary>
    private async Task<StatusCode> StreamAsync(int silo, int answers, Func<Task> then)
    {
        using var channel = GrpcChannel.ForAddress(_silos[silo].Url);
        using var stream = new ReadingService.ReadingServiceClient(channel).PushStream(new Metadata { { "authorization", $"Bearer {_key}" } });
        var sending = SendAsync(stream.RequestStream, [.. _unanswered]);
        var happening = Task.CompletedTask;
        try
        {
            while (await stream.ResponseStream.MoveNext(default))
            {
                var answer = stream.ResponseStream.Current;
                Assert.Equal((_unanswered.Peek().BatchId, (uint)Meters), (answer.BatchId, answer.Accepted));
                _unanswered.Dequeue();
                if (--answers == 0)
                {
                    happening = then();
                }
            }

            await sending;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return e.StatusCode;
        }
        finally
        {
            await happening;
        }
    }

    private static async Task SendAsync(IClientStreamWriter<ReadingBatch> to, IReadOnlyList<ReadingBatch> batches)
    {
        foreach (var batch in batches)
        {
            await to.WriteAsync(batch);
        }

        await to.CompleteAsync();
    }

    private static ReadingBatch Round(int round)
    {
        var batch = new ReadingBatch { BatchId = $"{round}", BaseTimeMs = Start.ToUnixTimeMilliseconds() };
        for (var i = 0; i < Meters; i++)
        {
            batch.Meters.Add($"A{i}");
            batch.MeterIndex.Add((uint)i);
            batch.TimeDeltaMs.Add(round * 60_000L);
            batch.Value.Add(round * 100L);
        }

        return batch;
    }

    private async Task StartAsync()
    {
        var port = GridProcess.FreePort();
        _silos.Add((await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{_silos.Count}"), _database, null, ("Grid__Partitions", "16"),
            ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32])), ("Security__RequestsPerSecond", "0"),
            ("Grpc__Port", port.ToString(CultureInfo.InvariantCulture))), $"http://127.0.0.1:{port}"));
    }
}
