using System.Text;
using AccountGrid.Host.Database;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>Which runs of a file count, and what is kept of one that is given up.</summary>
public sealed class MeterFileStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private NpgsqlDataSource _database = null!;
    private MeterFileStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(connection, 1);
        _database = PostgresDatabase.Open(connection);
        _store = new MeterFileStore(_database);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_run_that_is_given_back_does_not_count_and_only_its_holder_gives_it_back()
    {
        var (answer, _) = (await _store.AddAsync(File("x"), Token))!.Value;
        for (var i = 0; i < 2 * MeterFileWorker.RunsMax; i++)
        {
            var file = (await _store.ClaimAsync(Token))!;
            Assert.Equal((answer.Id, 1), (file.Id, file.Run));
            Assert.Null(await _store.ClaimAsync(Token));
            await _store.ReleaseAsync(file);
        }

        var held = (await _store.ClaimAsync(Token))!;
        await _store.ReleaseAsync(held with { Run = held.Run + 1 });
        Assert.Null(await _store.ClaimAsync(Token));
        Assert.True(await _store.RenewAsync(held, Token));
    }

    /// <summary>The job fails here by a fault of its own: it has no grid.</summary>
    [Fact]
    public async Task A_file_whose_last_run_fails_keeps_the_cause()
    {
        var (answer, _) = (await _store.AddAsync(File(DayOfData.Intervals("M")), Token))!.Value;
        await using (var command = _database.CreateCommand($"update meter_file set run = {MeterFileWorker.RunsMax - 1}"))
        {
            await command.ExecuteNonQueryAsync(Token);
        }

        var options = new MeterFileOptions();
        var job = new MeterFileJob(null!, null!, null!, options, TimeProvider.System);
        using var worker = new MeterFileWorker(_store, job, options, TimeProvider.System, NullLogger<MeterFileWorker>.Instance);
        await worker.StartAsync(Token);
        var failed = await Eventually.GetAsync(async () => (await _store.FindAsync(answer.Id, 0))!, f => f.Status == "failed", "The file is given up");
        await worker.StopAsync(Token);
        Assert.Contains("NullReferenceException", Assert.Single(failed.Result!.Errors).Detail, StringComparison.Ordinal);
    }

    private static NewMeterFile File(string text) => new(Encoding.UTF8.GetBytes(text), [1], 0, "test", null, null, null);
}
