using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Background;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Payments;
using Npgsql;

namespace AccountGrid.Host.Scorecard;

/// <summary>
/// Counts the days of channels that are over, and counts a day again when something of it comes late: a reversal, a file, a decision. All of it follows from
/// rows, so that counting twice, or again from the first row, gives the same. One process counts a channel at a time.
/// </summary>
internal sealed partial class ScoreKeeper(
    NpgsqlDataSource database, PaymentChannelCatalog channels, ScorecardReader reader, CaseDesk desk, CaseCalendars calendars, TimeProvider time,
    ILogger<ScoreKeeper> logger) : PeriodicService(TimeSpan.FromMinutes(10), time)
{
    /// <summary>Days of one transaction.</summary>
    private const int DaysMax = 50;

    /// <summary>Days that are older open no case: it is too late to do anything about them.</summary>
    private const int CaseDays = 31;

    /// <summary>A day is counted so long after its end: heartbeats may be so late.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel) => await CountAsync();

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Counts what is to be counted. A channel that cannot be counted does not hold up the others.</summary>
    /// <returns>Whether a channel has more days.</returns>
    internal async Task<bool> CountAsync()
    {
        var hasMore = false;
        foreach (var versions in (await channels.ListAsync(null)).GroupBy(d => d.Id))
        {
            try
            {
                hasMore |= await CountAsync([.. versions.OrderBy(d => d.EffectiveFrom)]);
            }
            catch (Exception e)
            {
                NotCounted(logger, e, versions.Key);
            }
        }

        return hasMore;
    }

    /// <summary>Forgets all that was counted: it is counted again from the rows of the channels.</summary>
    internal async Task ForgetAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ScoreStore.ForgetAsync(connection, transaction);
        await transaction.CommitAsync();
    }

    private async Task<bool> CountAsync(IReadOnlyList<PaymentChannelDefinition> versions)
    {
        var d = versions[^1];
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var store = new ScoreStore(connection, transaction, d.Id);
        if (!await store.ClaimAsync())
        {
            return false;
        }

        var calendar = LocalCalendar.Find(d.Zone)!;
        var seen = await store.ClockAsync();
        var position = await store.PositionAsync();
        var last = DateOnly.FromDayNumber(calendar.DayOf((Time.GetUtcNow() - Grace).ToUnixTimeMilliseconds()) - 1);
        if ((position?.Day.AddDays(1) ?? await store.FirstAsync(d.Zone)) is not { } first)
        {
            return false;
        }

        var days = position is { } p ? await store.ChangedAsync(p.Day, p.Seen, d.Zone) : [];
        var counted = position?.Day ?? first.AddDays(-1);
        for (; counted < last && days.Count < DaysMax; counted = counted.AddDays(1))
        {
            days.Add(counted.AddDays(1));
        }

        foreach (var day in days)
        {
            await CountDayAsync(store, connection, transaction, versions, calendar, day);
        }

        foreach (var month in days.Select(x => new DateOnly(x.Year, x.Month, 1)).Distinct())
        {
            var end = month.AddMonths(1).AddDays(-1);
            await store.SaveAsync("month", month, ChannelFacts.Sum(await store.DaysAsync(month, end), await store.LatenciesAsync(month, end)));
        }

        await OpenLateFilesAsync(store, connection, transaction, versions, calendar, counted);
        await store.SetPositionAsync(counted, seen);
        await transaction.CommitAsync();
        return counted < last;
    }

    private async Task CountDayAsync(
        ScoreStore store, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PaymentChannelDefinition> versions, LocalCalendar calendar,
        DateOnly day)
    {
        var number = day.DayNumber;
        var (from, until) = (Instants.ToInstant(calendar.StartOf(number)), Instants.ToInstant(calendar.StartOf(number + 1)));
        var facts = (await store.CountAsync(day, from, until)).With(await store.LatenciesAsync(day, day));
        var d = InForce(versions, day);
        var business = calendars.ForCurrency(versions[0].Currency).Business;
        if (await store.SettlementAsync(day) is var (unmatched, of, importedAt))
        {
            facts = facts with
            {
                Unmatched = unmatched,
                Settled = of,
                SettledDays = 1,
                DelayDays = business.BusinessDaysBetween(number, calendar.DayOf(importedAt.ToUnixTimeMilliseconds())),
            };
        }

        if (d?.Watch is { } watch && (!watch.WorkingDaysOnly || business.IsBusinessDay(number)))
        {
            var silence = watch.SilenceMinutes * 60_000L;
            var (open, close) = (calendar.At(number, ChannelTargetRules.MinuteOf(watch.From)!.Value),
                calendar.At(number, ChannelTargetRules.MinuteOf(watch.To)!.Value));
            var signs = await store.SignsAsync(day, Instants.ToInstant(open - silence), Instants.ToInstant(close));
            facts = facts with { WatchedMs = close - open, UpMs = ChannelAvailability.UpMs(signs, open, close, silence) };
        }

        await store.SaveAsync("day", day, facts);
        if (d?.Targets is { Count: > 0 } targets && IsRecent(calendar, day))
        {
            var satisfied = day.Day == 1 && targets.ContainsKey(ChannelMeasure.Satisfaction.Code()) ? await reader.SatisfiedAsync(day.AddMonths(-1)) : null;
            foreach (var value in ChannelScore.Of(facts, satisfied is not null && satisfied.TryGetValue(d.Id, out var answers) ? answers : null))
            {
                if (targets.TryGetValue(value.Measure.Code(), out var target) && ChannelScore.IsBreach(value, target))
                {
                    await OpenAsync(connection, transaction, d, day, value.Measure, value.Value!.Value, target);
                }
            }
        }
    }

    /// <summary>A file that has not come is late as soon as it can no longer come in time.</summary>
    private async Task OpenLateFilesAsync(
        ScoreStore store, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PaymentChannelDefinition> versions, LocalCalendar calendar,
        DateOnly last)
    {
        if (!versions.Any(d => d.Targets?.ContainsKey(ChannelMeasure.SettlementDelay.Code()) == true))
        {
            return;
        }

        var (today, business) = (calendar.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds()), calendars.ForCurrency(versions[0].Currency).Business);
        foreach (var day in await store.UnsettledAsync(last.AddDays(-CaseDays), last))
        {
            var delay = business.BusinessDaysBetween(day.DayNumber, today);
            if (InForce(versions, day) is { Targets: { } targets } d && targets.TryGetValue(ChannelMeasure.SettlementDelay.Code(), out var target)
                && delay > target && IsRecent(calendar, day))
            {
                await OpenAsync(connection, transaction, d, day, ChannelMeasure.SettlementDelay, delay, target);
            }
        }
    }

    private static PaymentChannelDefinition? InForce(IReadOnlyList<PaymentChannelDefinition> versions, DateOnly day) =>
        versions.LastOrDefault(d => d.EffectiveFrom <= day);

    private bool IsRecent(LocalCalendar calendar, DateOnly day) =>
        calendar.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds()) - day.DayNumber <= CaseDays;

    /// <summary>One case for each channel, day and measure, however often the day is counted.</summary>
    private Task<bool> OpenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChannelDefinition d, DateOnly day, ChannelMeasure measure, double value,
        decimal target)
    {
        var thing = $"{day:yyyy-MM-dd} {measure.Code()}";
        var subject = string.Create(CultureInfo.InvariantCulture, $"{d.Id} {thing}: {value:0.####} {measure.Unit()}, target {target}");
        return desk.OpenAsync(connection, transaction,
            desk.OfChannel(CaseKind.ChannelTarget, d.Id, thing, subject, Money.Zero, d.Currency, d.Zone, d.Owner));
    }

    [LoggerMessage(6703, LogLevel.Warning, "The scorecard of channels could not be counted; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6704, LogLevel.Warning, "The scorecard of channel {Channel} could not be counted; it is tried again.")]
    private static partial void NotCounted(ILogger logger, Exception cause, string channel);
}
