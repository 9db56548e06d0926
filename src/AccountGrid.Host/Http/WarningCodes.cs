namespace AccountGrid.Host.Http;

/// <summary>Every code of a warning: what was done or works, and may not be what was meant, or not for long. The doctor and answers use them.</summary>
internal static class WarningCodes
{
    /// <summary>The holiday calendar of a policy pack ends soon, or has ended.</summary>
    public static WarningCode CalendarEnds { get; } = new("calendar.ends");

    /// <summary>Open cases have no owner.</summary>
    public static WarningCode CasesNoOwner { get; } = new("cases.no_owner");

    /// <summary>The PostgreSQL server allows too few connections, or nearly all are taken.</summary>
    public static WarningCode ConnectionsFew { get; } = new("connections.few");

    /// <summary>A disk is nearly full.</summary>
    public static WarningCode DiskLow { get; } = new("disk.low");

    /// <summary>The PostgreSQL server was set so that an acknowledged change does not survive a crash.</summary>
    public static WarningCode DurabilityOff { get; } = new("durability.off");

    /// <summary>A meter has no capacity: readings that are too high are not noticed.</summary>
    public static WarningCode MeterNoCapacity { get; } = new("meter.no_capacity");

    /// <summary>A meter has no register at its start: it is charged from its first reading on.</summary>
    public static WarningCode MeterNoStartRegister { get; } = new("meter.no_start_register");

    /// <summary>A price series that a tariff follows has no prices for hours of today or tomorrow.</summary>
    public static WarningCode PricesMissing { get; } = new("prices.missing");

    /// <summary>Fewer synchronous standbys are connected than the operator promised.</summary>
    public static WarningCode StandbyFew { get; } = new("standby.few");

    /// <summary>The grid's database role may not see whether standbys are synchronous.</summary>
    public static WarningCode StandbyHidden { get; } = new("standby.hidden");

    /// <summary>The PostgreSQL server does not replicate as the operator promised.</summary>
    public static WarningCode StandbyNone { get; } = new("standby.none");

    /// <summary>Standbys are named, and commits do not wait for them.</summary>
    public static WarningCode StandbyNotWaitedFor { get; } = new("standby.not_waited_for");

    /// <summary>A stored tariff cannot be used.</summary>
    public static WarningCode TariffBroken { get; } = new("tariff.broken");

    /// <summary>The holiday lists of a tariff end soon, have ended, or are empty.</summary>
    public static WarningCode TariffHolidaysEnd { get; } = new("tariff.holidays_end");

    /// <summary>The last day that the holiday lists of a tariff cover was not given.</summary>
    public static WarningCode TariffNoCalendarUntil { get; } = new("tariff.no_calendar_until");

    /// <summary>The grid paused a webhook: its events wait until somebody resumes it.</summary>
    public static WarningCode WebhookPaused { get; } = new("webhook.paused");
}
