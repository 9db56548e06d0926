using System.Buffers;
using System.Net;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;

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
            silo.AddAdoNetGrainStorage("tutorial", o => (o.Invariant, o.ConnectionString) = ("Npgsql", new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 60 }.ConnectionString));
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

internal sealed record TutorialMode(bool Writes);

internal sealed record TutorialReading(string Meter, long Ts, long Value);

[Alias("AccountGrid.LoadTest.ITutorialMeter")]
public interface ITutorialMeter : IGrainWithStringKey
{
    /// <summary>True if the reading is new.</summary>
    [Alias("Push")]
    Task<bool> Push(long ts, long value);
}

[Alias("AccountGrid.LoadTest.ITutorialAccount")]
public interface ITutorialAccount : IGrainWithStringKey
{
    [Alias("Charge")]
    Task Charge(long wh);
}

[GenerateSerializer]
[Alias("AccountGrid.LoadTest.TutorialMeterState")]
public sealed class TutorialMeterState
{
    [Id(0)] public long Ts { get; set; }

    [Id(1)] public long Register { get; set; }
}

[GenerateSerializer]
[Alias("AccountGrid.LoadTest.TutorialAccountState")]
public sealed class TutorialAccountState
{
    [Id(0)] public long BalanceNano { get; set; }
}

internal sealed class TutorialMeter([PersistentState("meter", "tutorial")] IPersistentState<TutorialMeterState> state, TutorialMode mode) : Grain, ITutorialMeter
{
    public async Task<bool> Push(long ts, long value)
    {
        if (ts <= state.State.Ts)
        {
            return false;
        }

        var before = state.State.Ts == 0 ? Fleet.MeterFleet.StartWh : state.State.Register;
        (state.State.Ts, state.State.Register) = (ts, value);
        if (mode.Writes)
        {
            await state.WriteStateAsync();
        }

        await GrainFactory.GetGrain<ITutorialAccount>(this.GetPrimaryKeyString().Replace('M', 'A')).Charge(value - before);
        return true;
    }
}

internal sealed class TutorialAccount([PersistentState("account", "tutorial")] IPersistentState<TutorialAccountState> state, TutorialMode mode) : Grain, ITutorialAccount
{
    private const long NanoPerWh = 500_000;

    public async Task Charge(long wh)
    {
        state.State.BalanceNano -= wh * NanoPerWh;
        if (mode.Writes)
        {
            await state.WriteStateAsync();
        }
    }
}
