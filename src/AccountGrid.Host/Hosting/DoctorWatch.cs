using AccountGrid.Host.Database;

namespace AccountGrid.Host.Hosting;

/// <summary>Runs the checks at the start and a few times a day; what they find is in the log and, by its codes, in <c>/health/ready</c>.</summary>
internal sealed partial class DoctorWatch(Doctor doctor, TimeProvider time, ILogger<DoctorWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    /// <summary>As of the last run.</summary>
    public IReadOnlyList<DoctorFinding> Findings { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Findings = await doctor.RunAsync(stoppingToken);
                foreach (var finding in Findings)
                {
                    Found(logger, finding.Code, finding.Detail);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, PassingFaults.Text(e));
            }

            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(7002, LogLevel.Warning, "{Code}: {Detail}")]
    private static partial void Found(ILogger logger, string code, string detail);

    [LoggerMessage(7003, LogLevel.Warning, "The checks of calendars, disk and connections could not be run: {Cause}")]
    private static partial void Failed(ILogger logger, string cause);
}
