using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>Health for orchestrators, and the operator's checkpoint.</summary>
internal static class HealthEndpoints
{
    /// <summary>A database that takes longer counts as away.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).AllowAnonymous().WithTags("Health").WithSummary("The process runs.");
        routes.MapGet("/health/startup", Startup).AllowAnonymous().WithTags("Health")
            .WithSummary("The process has started: it was ready once. Then ready and live say the rest.").ProducesProblem(503);
        routes.MapGet("/health/ready", ReadyAsync).AllowAnonymous().WithTags("Health")
            .WithSummary("In the cluster, database reachable, meter directory loaded.")
            .ProducesProblem(503);
        routes.MapPost("/v1/operations/checkpoint", CheckpointAsync).RequireAuthorization(Permissions.Administer).WithTags("Operations")
            .WithSummary("Folds to the log's end and writes all states.").Produces<CheckpointAnswer>();
        routes.MapGet("/v1/operations/findings", (int? limit, string? cursor, DoctorWatch doctor) =>
                TypedResults.Ok(Pages.OfShort(doctor.Findings, limit, cursor, f => $"{f.Code} {f.Detail}"))).RequireAuthorization(Permissions.Inspect)
            .WithTags("Operations").WithSummary("What the doctor found at its last round: what works today and will not for long.")
            .Produces<Page<DoctorFinding>>();
    }

    private static IResult Startup(GridReadiness readiness) => readiness.HasBeenReady
        ? TypedResults.Ok(new { status = "started" })
        : Problems.Of(GridRefusals.Starting, "The process is starting.");

    private static async Task<IResult> ReadyAsync(LogServers servers, IClusterMembershipService membership, ILocalSiloDetails silo, GridReadiness readiness,
        DoctorWatch doctor, CancellationToken cancel)
    {
        if (!readiness.IsReady || membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) != SiloStatus.Active)
        {
            return Problems.Of(GridRefusals.Starting, "The process is joining or leaving its cluster.");
        }

        try
        {
            var takeChanges = await Task.WhenAll(Enumerable.Range(0, servers.Count).Select(i => TakesChangesAsync(servers[i])))
                .WaitAsync(AnswersWithin, TimeProvider.System, cancel);
            return takeChanges.All(t => t)
                ? TypedResults.Ok(new { status = "ready", warnings = doctor.Findings.Select(f => f.Code).Distinct() })
                : Problems.Of(GridRefusals.DatabaseReadOnly, "The database takes no changes: it is read-only, or a standby.");
        }
        catch (Exception e) when (PassingFaults.Is(e) || PassingFaults.IsOfDatabase(e))
        {
            return Problems.Of(GridRefusals.DatabaseUnreachable, "The database does not answer.");
        }
    }

    /// <summary>Asked on a connection of the pool; the server's word is of this moment, not of when the connection was made.</summary>
    private static async Task<bool> TakesChangesAsync(NpgsqlDataSource server)
    {
        await using var command = server.CreateCommand(PostgresDatabase.TakesChangesSql);
        command.CommandTimeout = (int)AnswersWithin.TotalSeconds;
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<IResult> CheckpointAsync(IGrainFactory grains, GridOptions options, NpgsqlDataSource database)
    {
        long records = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, options.Partitions), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (partition, _) =>
            Interlocked.Add(ref records, await grains.Partition(partition).Checkpoint()));
        await using var identify = database.CreateCommand("select id from grid");
        return TypedResults.Ok(new CheckpointAnswer((Guid)(await identify.ExecuteScalarAsync())!, options.Partitions, records));
    }
}
