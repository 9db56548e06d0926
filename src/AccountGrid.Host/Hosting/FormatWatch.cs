using AccountGrid.Domain;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>
/// Asks every 5 seconds which format version is in force, so that all processes write it soon after it was raised. Meanwhile some write the version before,
/// which all read. A process that stood still while it was raised, and cannot read it, stops.
/// </summary>
internal sealed partial class FormatWatch(NpgsqlDataSource database, IHostApplicationLifetime life, TimeProvider time, ILogger<FormatWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), time)
{
    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        if (await FormatStore.ReadAsync(database, cancel) is not { } inForce || inForce == FormatVersion.InForce)
        {
            return false;
        }

        if (inForce > FormatVersion.Newest)
        {
            TooLate(logger, inForce, FormatVersion.Newest);
            life.StopApplication();
            return false;
        }

        FormatVersion.InForce = inForce;
        Raised(logger, inForce);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    [LoggerMessage(7020, LogLevel.Information, "Format version {InForce} is in force now: this process writes it.")]
    private static partial void Raised(ILogger logger, int inForce);

    [LoggerMessage(7021, LogLevel.Critical,
        "Format version {InForce} is in force, and this build reads no later one than {Newest}: the process stops. Start a build of the later release.")]
    private static partial void TooLate(ILogger logger, int inForce, int newest);

    [LoggerMessage(7022, LogLevel.Warning, "The format version in force could not be read; trying again: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
