using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Customers;
using AccountGrid.Host.Background;

namespace AccountGrid.Host.Cases;

/// <summary>
/// A case that is late goes to the next person: from its owner to the collector of the area, of the area above, and so on, a working day apart. Each step has a
/// row in the case's history.
/// </summary>
internal sealed partial class CaseEscalation(CaseStore store, CaseCalendars calendars, TimeProvider time, ILogger<CaseEscalation> logger)
    : PeriodicService(TimeSpan.FromMinutes(5), time)
{
    private const int Max = 500;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel) => await EscalateAsync() == Max;

    /// <summary>Takes late cases one step. One that cannot be taken does not hold up the others.</summary>
    /// <returns>How many were taken a step.</returns>
    internal async Task<int> EscalateAsync()
    {
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        var (late, taken) = (await store.LateAsync(Max), 0);
        foreach (var row in late)
        {
            try
            {
                var persons = Responsibility.PersonsOf(row.Manager, row.Chain ?? []);
                var level = CaseSteps.NextLevel(persons, row.Owner);
                var again = level is null ? (long?)null : calendars.Of(row.Policy, row.Zone).EndAfter(now, 1);
                taken += await store.EscalateAsync(row, level is { } l ? (persons[l], l) : null, again) ? 1 : 0;
            }
            catch (Exception e)
            {
                NotEscalated(logger, e, row.Id);
            }
        }

        return taken;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    [LoggerMessage(6002, LogLevel.Warning, "Cases could not be escalated.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6402, LogLevel.Warning, "Case {Id} could not be escalated; it is tried again.")]
    private static partial void NotEscalated(ILogger logger, Exception cause, string id);
}
