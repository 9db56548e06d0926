using AccountGrid.Host.Background;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Hosting;

/// <summary>Runs the checks at the start and a few times a day; what they find is in the log and, by its codes, in <c>/health/ready</c>.</summary>
internal sealed partial class DoctorWatch(Doctor doctor, StandbyWatch standbys, TimeProvider time, ILogger<DoctorWatch> logger)
    : PeriodicService(TimeSpan.FromHours(6), time)
{
    private IReadOnlyList<DoctorFinding> _last = [];

    /// <summary>As of the last run; of standbys as of the last quarter of a minute.</summary>
    public IReadOnlyList<DoctorFinding> Findings => [.. _last, .. standbys.Findings];

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        _last = await doctor.RunAsync(cancel);
        foreach (var finding in _last)
        {
            Found(logger, finding.Code, finding.Detail);
        }

        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, PassingFaults.Text(cause));

    [LoggerMessage(7002, LogLevel.Warning, "{Code}: {Detail}")]
    private static partial void Found(ILogger logger, string code, string detail);

    [LoggerMessage(7003, LogLevel.Warning, "The checks of calendars, disk and connections could not be run: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
