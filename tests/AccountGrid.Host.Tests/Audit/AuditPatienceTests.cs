using AccountGrid.Host.Audit;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Tests.Audit;

/// <summary>An audit computes for minutes between two statements of one transaction, which the server ends for whoever else is idle in one for long.</summary>
public sealed class AuditPatienceTests(GridFixture grid)
{
    [Fact]
    public async Task An_audit_may_compute_longer_than_a_transaction_may_be_idle()
    {
        await grid.OpenAsync("PATIENT");
        await grid.PushAsync(("PATIENT", "2026-03-01T01:00:00+08:00", 0), ("PATIENT", "2026-03-02T01:00:00+08:00", 10_000));
        await grid.BalanceAsync("PATIENT", "-5.0");
        await grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var options = new NpgsqlConnectionStringBuilder(grid.Database.ConnectionString) { Options = "-c idle_in_transaction_session_timeout=1" };
        await using var impatient = NpgsqlDataSource.Create(PostgresDatabase.Safe(options.ConnectionString));
        var report = await new Auditor(LogServers.One(impatient, 16)).RunAsync();
        Assert.True(report.Accounts > 0);
    }
}
