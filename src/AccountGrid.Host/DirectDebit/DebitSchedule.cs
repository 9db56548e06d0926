using AccountGrid.Host.Background;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// For channels whose configuration says so (<see cref="DirectDebitSetting.Daily"/>), announces each day what is due, and makes each run as early as the
/// configuration allows. Several processes may do it at once: an announcement and a run are the same whoever makes them.
/// </summary>
internal sealed partial class DebitSchedule(
    DebitStore store, DebitAnnouncements announcements, DebitRuns runs, PaymentChannelCatalog channels, CaseCalendars calendars, TimeProvider time,
    ILogger<DebitSchedule> logger) : PeriodicService(TimeSpan.FromMinutes(10), time)
{
    /// <summary>Who has made the runs.</summary>
    public const string Person = "schedule";

    /// <summary>The day on which each channel was announced last, by this process: again after a start, which has no effect but its cost.</summary>
    private readonly Dictionary<string, DateOnly> _announced = [];

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await FollowAsync();
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Does what is to be done today. A channel that fails does not hold up the others.</summary>
    internal async Task FollowAsync()
    {
        var now = Time.GetUtcNow();
        foreach (var id in (await channels.ListAsync(null)).Select(d => d.Id).Distinct())
        {
            try
            {
                if (await channels.FindAsync(id, now) is { DirectDebit: { Daily: true } setting } d)
                {
                    await FollowAsync(d, setting, PaymentChannelRules.LocalDay(d, now));
                }
            }
            catch (Exception e)
            {
                NotFollowed(logger, e, id);
            }
        }
    }

    private async Task FollowAsync(PaymentChannelDefinition d, DirectDebitSetting setting, DateOnly today)
    {
        foreach (var day in await store.DaysToRunAsync(d.Id, today, today.AddDays(setting.LeadDays)))
        {
            var (_, refusal) = await runs.MakeAsync(d.Id, day, Person);
            if (refusal is not null)
            {
                Refused(logger, d.Id, day, refusal.Code.Text, refusal.Detail);
            }
        }

        if (_announced.GetValueOrDefault(d.Id) == today)
        {
            return;
        }

        // A day more than the notice: a notice that waits until quiet hours are over is still in time.
        var collect = DateOnly.FromDayNumber(calendars.ForCurrency(d.Currency).Business.AddBusinessDays(today.DayNumber + setting.NoticeDays + 1, 0));
        var (_, wrong) = await announcements.AnnounceAsync(d.Id, collect);
        if (wrong is not null)
        {
            Refused(logger, d.Id, collect, wrong.Code.Text, wrong.Detail);
        }

        _announced[d.Id] = today;
    }

    [LoggerMessage(6503, LogLevel.Warning, "The days of direct debit could not be read; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6504, LogLevel.Warning, "Channel {Channel}: its collections could not be announced or made; trying again.")]
    private static partial void NotFollowed(ILogger logger, Exception cause, string channel);

    [LoggerMessage(6505, LogLevel.Warning, "Channel {Channel}, collections for {Day}: {Code}: {Detail}")]
    private static partial void Refused(ILogger logger, string channel, DateOnly day, string code, string detail);
}
