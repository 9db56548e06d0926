// A silo whose grains count words that are appended to a durable log. Run it against any PostgreSQL:
//   ConnectionStrings__Log="Host=..." dotnet run --project examples/AccountGrid.Examples.Streams -- some words to count
// Run it again: the counts go on, because the log is read from its beginning until somebody reports it consumed.
using System.Text;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

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
