using System.Globalization;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Files;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Hosting;

/// <summary>Something that works today and will not for long.</summary>
/// <param name="Code">Stable: <c>calendar.ends</c>, <c>tariff.holidays_end</c>, <c>tariff.broken</c>, <c>disk.low</c>, <c>connections.few</c>.</param>
/// <param name="Detail">What it is, when, and what would be right, in one line.</param>
public sealed record DoctorFinding(string Code, string Detail);

/// <summary>What a grid needs and an operator may have to bring in time. Each check is a function of what it is given.</summary>
internal static class DoctorChecks
{
    /// <summary>A holiday list is published weeks before its year, and a policy version begins two days after it is registered at the earliest.</summary>
    public const int WarnDays = 60;

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
            $"Policy pack {latest.Id}, version {latest.Version}: its holiday calendar {Ends(left, latest.Calendar.Until)}. Beyond it no supply is cut and holidays are not known. Register a version whose calendar reaches further.");

    /// <summary>A tariff whose prices depend on holidays must list those of the days to come; a list counts to the end of its last year.</summary>
    public static IEnumerable<DoctorFinding> Holidays(IEnumerable<TariffDefinition> tariffs, DateOnly today) =>
        from latest in tariffs.GroupBy(t => t.Id).Select(g => g.MaxBy(t => t.Version)!)
        where latest.Schedule.Any(r => r.Days is { Count: > 0 })
        let listed = latest.Calendar.Holidays.Concat(latest.Calendar.MovedWorkdays).ToList()
        let until = listed.Count == 0 ? (DateOnly?)null : new DateOnly(listed.Max().Year, 12, 31)
        where until is null ? latest.Schedule.Any(r => r.Days.Contains("holiday")) : until.Value.DayNumber - today.DayNumber < WarnDays
        select new DoctorFinding(
            "tariff.holidays_end",
            $"Tariff {latest.Id}, version {latest.Version}: its prices depend on the kind of day, and its list of holidays {(until is { } day ? Ends(day.DayNumber - today.DayNumber, day) : "is empty")}. A holiday that is not listed is charged as a workday. Register a version that lists further ones.");

    public static IEnumerable<DoctorFinding> Broken(IReadOnlyDictionary<int, string> broken) =>
        broken.OrderBy(b => b.Key).Select(b => new DoctorFinding("tariff.broken", $"Stored tariff {b.Key} cannot be used: {b.Value} Records that need it are quarantined."));

    public static IEnumerable<DoctorFinding> Disk(string what, long free, long total)
    {
        if (free < FreeBytesMin || free < total * FreeShareMin)
        {
            yield return new DoctorFinding(
                "disk.low", string.Create(CultureInfo.InvariantCulture, $"{what} has {free / 1e9:0.0} GB free of {total / 1e9:0.0}: at least {Math.Max(FreeBytesMin, total * FreeShareMin) / 1e9:0.0} should be. A full disk stops all changes."));
        }
    }

    public static IEnumerable<DoctorFinding> Connections(int usable, int taken, int silos)
    {
        if (usable < ConnectionBudget.Needed(silos))
        {
            yield return new DoctorFinding("connections.few", $"The PostgreSQL server allows {usable} connections; a cluster of {silos} silos needs {ConnectionBudget.Needed(silos)}. Raise max_connections.");
        }
        else if (taken > usable * TakenShareMax)
        {
            yield return new DoctorFinding("connections.few", $"{taken} of the {usable} connections that the PostgreSQL server allows are taken: a silo that starts may get none. Raise max_connections, or close some of them.");
        }
    }

    private static string Ends(int left, DateOnly until) => $"{(left < 0 ? "ended" : "ends")} on {until:yyyy-MM-dd}{(left < 0 ? "" : $", in {left} days")}";
}

/// <summary>Runs the checks on a grid's database and this machine.</summary>
internal sealed class Doctor(NpgsqlDataSource database, TariffCatalog tariffs, PolicyCatalog policies, DataFolder data, GridOptions options, TimeProvider time)
{
    public async Task<IReadOnlyList<DoctorFinding>> RunAsync(CancellationToken cancel = default)
    {
        await tariffs.LoadAllAsync(cancel);
        await policies.LoadAllAsync(cancel);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (usable, taken) = await ConnectionBudget.UseAsync(database, cancel);
        var drive = new DriveInfo(data.Root);
        return
        [
            .. DoctorChecks.Calendars(policies.All.Select(p => p.Definition), today),
            .. DoctorChecks.Holidays(tariffs.All.Select(t => t.Definition), today),
            .. DoctorChecks.Broken(tariffs.Broken),
            .. DoctorChecks.Disk($"The disk of {data.Root}", drive.AvailableFreeSpace, drive.TotalSize),
            .. DoctorChecks.Connections(usable, taken, options.Silos),
        ];
    }
}

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
