using System.Buffers;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using Npgsql;
using Orleans.Configuration;

namespace AccountGrid.LoadTest.Targets;

/// <summary>
/// What an Orleans tutorial teaches: a grain for each meter and each account, with persistent state that every reading writes through the ADO.NET
/// provider. Without writes it is the upper bound of one activation for each meter.
/// </summary>
internal static class TutorialTarget
{
    public static async Task RunAsync(string connectionString, string url, bool writes)
    {
        await PostgresDatabase.MigrateAsync(connectionString, 16);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(k => k.Limits.MaxRequestBodySize = IngestLimits.BytesMax);
        builder.Services.AddSingleton(new TutorialMode(writes));
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ChildProcess.FreePort(), ChildProcess.FreePort());
            silo.AddAdoNetGrainStorage("tutorial",
                o => (o.Invariant, o.ConnectionString) = ("Npgsql", new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 60 }.ConnectionString));
            silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromHours(2));
        });
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/v1/readings", PushAsync);
        await app.RunAsync();
    }

    private static async Task PushAsync(HttpContext http, IGrainFactory grains)
    {
        var (buffer, length, _) = await BatchReader.ReadBodyAsync(http.Request.Body, null, http.RequestAborted);
        var pushes = Lines(buffer.AsMemory(0, length)).Select(r => grains.GetGrain<ITutorialMeter>(r.Meter).Push(r.Ts, r.Value)).ToList();
        ArrayPool<byte>.Shared.Return(buffer!);
        await Task.WhenAll(pushes);
        var added = pushes.Count(p => p.Result);
        await http.Response.WriteAsJsonAsync(new BatchAnswer("", added, pushes.Count - added, 0, []));
    }

    private static List<TutorialReading> Lines(ReadOnlyMemory<byte> body)
    {
        var readings = new List<TutorialReading>();
        while (body.Length > 0)
        {
            var end = body.Span.IndexOf((byte)'\n');
            readings.Add(JsonSerializer.Deserialize<TutorialReading>(body.Span[..end], JsonSerializerOptions.Web)!);
            body = body[(end + 1)..];
        }

        return readings;
    }
}
