// A silo whose grains count words that are appended to a durable log. Run it against any PostgreSQL:
//   ConnectionStrings__Log="Host=..." dotnet run --project src/AccountGrid.Streams.Example -- some words to count
// Run it again: the counts go on, because the log is read from its beginning until somebody reports it consumed.
using System.Text;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Streams;
using Orleans.Streams.Core;

const int Partitions = 8;
var builder = Host.CreateApplicationBuilder();
var connectionString = builder.Configuration.GetConnectionString("Log") ?? throw new InvalidOperationException("Set ConnectionStrings__Log.");
var database = NpgsqlDataSource.Create(connectionString);
await PostgresLogSchema.EnsureAsync(database, Partitions);
builder.Services.AddSingleton(database).AddPostgresLog(o => o.Partitions = Partitions);
builder.UseOrleans(silo => silo.UseLocalhostClustering().AddPostgresLogStreams("log"));
using var host = builder.Build();
await host.StartAsync();

var log = host.Services.GetRequiredService<PostgresLog>();
foreach (var word in args)
{
    var result = await log.AppendAsync(new LogAppend(word.Length % Partitions, 1, Encoding.UTF8.GetBytes(word)));
    Console.WriteLine($"'{word}' is durable at partition {result.Partition}, position {result.FirstPosition}");
}

var grains = host.Services.GetRequiredService<IGrainFactory>();
foreach (var partition in args.Select(w => w.Length % Partitions).Distinct())
{
    Console.WriteLine($"partition {partition}: {await grains.GetGrain<IWordsGrain>(partition).CountUpTo(await log.HeadAsync(partition))} words");
}

await host.StopAsync();

/// <summary>Counts the words of its partition.</summary>
public interface IWordsGrain : IGrainWithIntegerKey
{
    /// <summary>Answers once everything before a position is counted.</summary>
    Task<long> CountUpTo(long position);
}

/// <summary>Holds a position beside its state, passes over what it has seen, and reads what a delivery skipped from the log itself.</summary>
[ImplicitStreamSubscription(LogStreams.DefaultNamespace)]
public sealed class WordsGrain(PostgresLog log) : Grain, IWordsGrain, IStreamSubscriptionObserver
{
    private long _position;
    private long _words;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<LogBatch>().ResumeAsync((batch, _) => CatchUp(batch.EndPosition));

    public async Task<long> CountUpTo(long position)
    {
        await CatchUp(position);
        return _words;
    }

    private async Task CatchUp(long end)
    {
        while (_position < end && await log.ReadAsync((int)this.GetPrimaryKeyLong(), _position, 1 << 20) is { } batch)
        {
            foreach (var entry in batch.Entries.Where(e => e.FirstPosition >= _position))
            {
                _words += entry.Count;
                _position = entry.FirstPosition + entry.Count;
            }
        }
    }
}
