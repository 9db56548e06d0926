using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.Hosting;

/// <summary>What a grid needs and an operator may have to bring in time. Each check is a function of what it is given.</summary>
internal static class DoctorChecks
{
    /// <summary>A holiday list is published weeks before its year, and a policy version begins two days after it is registered at the earliest.</summary>
    public const int WarnDays = HolidayWarnings.WarnDays;

    /// <summary>Below this share of a disk, or these bytes, an operator has days and not weeks: the log grows until days close.</summary>
    public const double FreeShareMin = 0.10;

    public const long FreeBytesMin = 2L << 30;

    /// <summary>Above this share of what the server allows, a restarted silo may find none.</summary>
    public const double TakenShareMax = 0.90;

    /// <summary>The latest version of each pack must have a calendar that reaches far enough.</summary>
    public static IEnumerable<DoctorFinding> Calendars(IEnumerable<PolicyDefinition> packs, DateOnly today) =>
        from latest in packs.GroupBy(p => p.Id).Select(g => g.MaxBy(p => p.Version)!)
        let left = latest.Calendar.Until.DayNumber - today.DayNumber
        where left < WarnDays
        select new DoctorFinding(
            WarningCodes.CalendarEnds,
            $"Policy pack {latest.Id}, version {latest.Version}: its holiday calendar {Ends(left, latest.Calendar.Until)}. Beyond it no supply is cut and "
                + "holidays are not known. Register a version whose calendar reaches further.");

    /// <summary>
    /// A tariff whose prices depend on holidays must list those of the days to come: the version of each product that is in force, and the latest.
    /// </summary>
    public static IEnumerable<DoctorFinding> Holidays(IEnumerable<TariffDefinition> tariffs, DateOnly today) =>
        from product in tariffs.GroupBy(t => t.Id)
        let begun = product.Where(t => t.EffectiveFrom is not { } first || first <= today)
        from version in new[] { begun.MaxBy(t => (t.EffectiveFrom ?? DateOnly.MinValue, t.Version)), product.MaxBy(t => t.Version) }.Distinct()
        let ends = version is null ? null : HolidayWarnings.EndOf(version, today)
        where ends is not null
        select new DoctorFinding(WarningCodes.TariffHolidaysEnd, ends);

    /// <summary>Local hour from which tomorrow's prices should be there: day-ahead auctions are published by 14:00.</summary>
    public const int PricesHour = 15;

    /// <summary>A price series that a tariff in force follows must have today's prices, and in the afternoon tomorrow's.</summary>
    /// <param name="tariffs">Versions that were not withdrawn.</param>
    public static IEnumerable<DoctorFinding> Prices(IEnumerable<Tariff> tariffs, long nowMs) =>
        from used in tariffs.Where(t => t.IsDynamic).GroupBy(t => t.Series!)
        let today = used.Key.Calendar.DayOf(nowMs)
        let isAfternoon = used.Key.Calendar.MinuteOf(nowMs) >= PricesHour * 60
        from day in isAfternoon ? new[] { today, today + 1 } : [today]
        where used.Any(t => t.FromDay <= day)
        let missing = used.Key.DayOf(day, used.Key.LatestKnown()).Publications.Count(p => p == 0)
        where missing > 0
        select new DoctorFinding(
            WarningCodes.PricesMissing,
            $"Price series {used.Key.Definition.Id}: {missing} of {used.Key.CountOf(day)} prices of {Instants.DayToText(day)} are missing. What is used in "
                + "these intervals is charged at the average of the month so far until they are published.");

    public static IEnumerable<DoctorFinding> Broken(IReadOnlyDictionary<int, string> broken) =>
        broken.OrderBy(b => b.Key)
            .Select(b => new DoctorFinding(
                WarningCodes.TariffBroken, $"Stored tariff {b.Key} cannot be used: {b.Value} Records that need it are quarantined."));

    public static IEnumerable<DoctorFinding> Disk(string what, long free, long total)
    {
        if (free < FreeBytesMin || free < total * FreeShareMin)
        {
            yield return new DoctorFinding(
                WarningCodes.DiskLow,
                string.Create(CultureInfo.InvariantCulture,
                    $"{what} has {free / 1e9:0.0} GB free of {total / 1e9:0.0}: at least {Math.Max(FreeBytesMin, total * FreeShareMin) / 1e9:0.0} should "
                        + $"be. A full disk stops all changes."));
        }
    }

    public static IEnumerable<DoctorFinding> Connections(int usable, int taken, int silos)
    {
        if (usable < ConnectionBudget.Needed(silos))
        {
            yield return new DoctorFinding(WarningCodes.ConnectionsFew,
                $"The PostgreSQL server allows {usable} connections; a cluster of {silos} silos needs "
                    + $"{ConnectionBudget.Needed(silos)}. Raise max_connections.");
        }
        else if (taken > usable * TakenShareMax)
        {
            yield return new DoctorFinding(WarningCodes.ConnectionsFew,
                $"{taken} of the {usable} connections that the PostgreSQL server allows are taken: a silo that starts may get none. Raise max_connections, "
                    + "or close some of them.");
        }
    }

    /// <summary>Every open case must have somebody.</summary>
    public static IEnumerable<DoctorFinding> Cases(long ownerless)
    {
        if (ownerless > 0)
        {
            yield return new DoctorFinding(WarningCodes.CasesNoOwner,
                $"{ownerless} open cases have no owner: nobody is responsible for their customers or areas. GET /v1/cases?owner=none lists them. Assign a "
                    + "collector to their areas or to an area above, or take them.");
        }
    }

    /// <summary>Each server must replicate as the operator promised; empty where all is as promised.</summary>
    /// <param name="promised">Standbys that an acknowledged change is on, beside the server: <see cref="GridOptions.SynchronousStandbys"/>.</param>
    /// <param name="place">What names the server in the text.</param>
    public static IEnumerable<DoctorFinding> Standbys(ServerReplication server, int promised, string place = "")
    {
        if (server.Off.Length > 0)
        {
            yield return new DoctorFinding(WarningCodes.DurabilityOff,
                $"{place}The PostgreSQL server has off: {server.Off}. What is acknowledged would not survive a crash, and no process starts on it. Set it on.");
        }

        if (server.Problem(promised) is { } problem)
        {
            yield return new DoctorFinding(WarningCodes.StandbyNone, place + problem);
        }
        else if (server.Standbys < promised && server.Standbys + server.Hidden >= promised)
        {
            yield return new DoctorFinding(WarningCodes.StandbyHidden,
                $"{place}{server.Hidden} standbys are connected, and the grid's database role may not see whether they are synchronous. Grant it pg_monitor.");
        }
        else if (server.Standbys < promised)
        {
            yield return new DoctorFinding(WarningCodes.StandbyFew,
                $"{place}{server.Standbys} synchronous standbys are connected; Grid__SynchronousStandbys promises {promised}. Bring the missing ones back: "
                    + "losing the server now may lose what was acknowledged, or stop all changes.");
        }
        else if (promised == 0 && server.StandbyNames.Length > 0 && server.CommitsLocally)
        {
            yield return new DoctorFinding(WarningCodes.StandbyNotWaitedFor,
                $"{place}The PostgreSQL server names synchronous standbys, but has synchronous_commit = {server.Commit}: commits do not wait until one has "
                    + "them on its disk.");
        }
    }

    /// <summary>A webhook that the grid paused sends nothing until somebody resumes it.</summary>
    public static IEnumerable<DoctorFinding> Webhooks(IReadOnlyList<WebhookAnswer> webhooks) =>
        from webhook in webhooks
        where webhook.PausedWhy is not (null or "asked")
        select new DoctorFinding(
            WarningCodes.WebhookPaused,
            $"Webhook {webhook.Id} is paused since {webhook.PausedAt:yyyy-MM-dd'T'HH:mm:ss'Z'} ({webhook.PausedWhy}): {webhook.PausedReason} Its events wait. "
                + "POST /v1/webhooks/{id}/resume sends them, DELETE ends it.");

    private static string Ends(int left, DateOnly until) => $"{(left < 0 ? "ended" : "ends")} on {until:yyyy-MM-dd}{(left < 0 ? "" : $", in {left} days")}";
}
