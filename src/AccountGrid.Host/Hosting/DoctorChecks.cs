using System.Globalization;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Rating;

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
            "calendar.ends",
            $"Policy pack {latest.Id}, version {latest.Version}: its holiday calendar {Ends(left, latest.Calendar.Until)}. Beyond it no supply is cut and "
                + "holidays are not known. Register a version whose calendar reaches further.");

    /// <summary>A tariff whose prices depend on holidays must list those of the days to come.</summary>
    public static IEnumerable<DoctorFinding> Holidays(IEnumerable<TariffDefinition> tariffs, DateOnly today) =>
        from latest in tariffs.GroupBy(t => t.Id).Select(g => g.MaxBy(t => t.Version)!)
        where HolidayWarnings.EndOf(latest, today) is not null
        select new DoctorFinding(HolidayWarnings.Ends, HolidayWarnings.EndOf(latest, today)!);

    public static IEnumerable<DoctorFinding> Broken(IReadOnlyDictionary<int, string> broken) =>
        broken.OrderBy(b => b.Key)
            .Select(b => new DoctorFinding("tariff.broken", $"Stored tariff {b.Key} cannot be used: {b.Value} Records that need it are quarantined."));

    public static IEnumerable<DoctorFinding> Disk(string what, long free, long total)
    {
        if (free < FreeBytesMin || free < total * FreeShareMin)
        {
            yield return new DoctorFinding(
                "disk.low",
                string.Create(CultureInfo.InvariantCulture,
                    $"{what} has {free / 1e9:0.0} GB free of {total / 1e9:0.0}: at least {Math.Max(FreeBytesMin, total * FreeShareMin) / 1e9:0.0} should "
                        + $"be. A full disk stops all changes."));
        }
    }

    public static IEnumerable<DoctorFinding> Connections(int usable, int taken, int silos)
    {
        if (usable < ConnectionBudget.Needed(silos))
        {
            yield return new DoctorFinding("connections.few",
                $"The PostgreSQL server allows {usable} connections; a cluster of {silos} silos needs {ConnectionBudget.Needed(silos)}. Raise max_connections.");
        }
        else if (taken > usable * TakenShareMax)
        {
            yield return new DoctorFinding("connections.few",
                $"{taken} of the {usable} connections that the PostgreSQL server allows are taken: a silo that starts may get none. Raise max_connections, "
                    + "or close some of them.");
        }
    }

    /// <summary>Every open case must have somebody.</summary>
    public static IEnumerable<DoctorFinding> Cases(long ownerless)
    {
        if (ownerless > 0)
        {
            yield return new DoctorFinding("cases.no_owner",
                $"{ownerless} open cases have no owner: nobody is responsible for their customers or areas. GET /v1/cases?owner=none lists them. Assign a "
                    + "collector to their areas or to an area above, or take them.");
        }
    }

    private static string Ends(int left, DateOnly until) => $"{(left < 0 ? "ended" : "ends")} on {until:yyyy-MM-dd}{(left < 0 ? "" : $", in {left} days")}";
}
