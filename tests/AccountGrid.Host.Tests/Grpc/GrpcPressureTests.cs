using System.Diagnostics.Metrics;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Security;
using AccountGrid.Host.Telemetry;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>More than the fold follows, and more than a key may ask for: a stream waits in place of an error.</summary>
public sealed class GrpcPressureTests : IAsyncLifetime
{
    private const int BatchesSent = 30;
    private const int PerBatch = 300;

    private readonly string _url = $"http://127.0.0.1:{GridProcess.FreePort()}";
    private GridFixture _grid = null!;

    public async ValueTask InitializeAsync()
    {
        _grid = new GridFixture
        {
            EffectsPeriodMs = 300,
            More = [$"--Grpc:Port={new Uri(_url).Port}", "--Log:LagMax=1000", "--Security:RequestsPerSecond=10", "--Security:RequestsAtOnce=40"],
        };
        await _grid.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task A_stream_waits_for_the_fold_and_for_its_rate_and_every_batch_is_answered_once()
    {
        var waited = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == GridMetrics.Name && instrument.Name == "accountgrid.grpc.batches")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags[0].Value is "waited")
            {
                Interlocked.Add(ref waited, count);
            }
        });
        listener.Start();
        await _grid.OpenAsync("GR-P");
        var key = (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "of a test", "G1"))).Key;
        using var channel = GrpcChannel.ForAddress(_url);
        using var stream = new ReadingService.ReadingServiceClient(channel).PushStream(GrpcGrid.With(key));
        var reading = stream.ResponseStream.ReadAllAsync().ToListAsync();
        for (var i = 0; i < BatchesSent; i++)
        {
            var first = (i * PerBatch) + 1;
            await stream.RequestStream.WriteAsync(Batches.Of($"{i}", ["GR-P", "GR-NOBODY"],
                [.. Enumerable.Range(first, PerBatch).Select(n => (0u, (long)n, n * 10L)), (1u, 1L, 1L)]));
        }

        await stream.RequestStream.CompleteAsync();
        var answers = await reading;
        Assert.Equal(Enumerable.Range(0, BatchesSent).Select(i => $"{i}"), answers.Select(a => a.BatchId));
        Assert.All(answers, a => Assert.Equal((PerBatch, 1, 1), ((int)a.Accepted, (int)a.Rejected, a.Errors.Count)));
        Assert.True(Interlocked.Read(ref waited) > 0, "No batch had to wait for the fold.");
        await _grid.BalanceAsync("GR-P", "-45.0");
    }
}
