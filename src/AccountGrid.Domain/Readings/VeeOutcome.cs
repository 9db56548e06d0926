namespace AccountGrid.Domain.Readings;

/// <summary>What validation found, each with the stable code that the exception queue and the API show.</summary>
public enum VeeOutcome : byte
{
    /// <summary>Charged.</summary>
    Accepted = 0,

    /// <summary>A fall of a register that a person decided was set back: neither charged nor held.</summary>
    Settled = 1,

    /// <summary>The same identity with another value and no higher revision: kept for a person, not applied.</summary>
    Conflict = 2,

    /// <summary>The register fell and it is no rollover: the difference is held.</summary>
    RegisterFell,

    /// <summary>More than the service's capacity times the interval, or than money can be counted for: the difference is held.</summary>
    Spike,

    /// <summary>A gap too long to spread: the difference is held.</summary>
    GapTooLong,

    /// <summary>Before the meter was there: not applied.</summary>
    BeforeInstallation,

    /// <summary>After the meter was taken out: not applied.</summary>
    AfterRemoval,

    /// <summary>Behind the last period that can still change: not applied.</summary>
    TooLate,

    /// <summary>The meter is not on an account: the difference is held.</summary>
    Unassigned,

    /// <summary>Missing intervals; the difference was spread over them. Nothing is held.</summary>
    Gap,

    /// <summary>No consumption for days. Nothing is held.</summary>
    ZeroRun,

    /// <summary>The same consumption again and again. Nothing is held.</summary>
    FrozenRun,

    /// <summary>Used longer ago than the pack allows to charge for: held and never charged.</summary>
    BackBilling,

    /// <summary>The account is at the bound of what it can hold: not applied; the register's next reading has its energy too.</summary>
    AccountLimit,

    /// <summary>The meter is charged by 1.8.0, and a rate register came: not applied.</summary>
    RegisterNotCharged,

    /// <summary>On a day the rate registers did not add up to 1.8.0. Nothing is held: the rate registers are charged.</summary>
    RegistersDisagree,

    /// <summary>The tariff does not say what exported energy is worth: it is kept, and credited nothing.</summary>
    ExportNotCredited,

    /// <summary>A month is charged for capacity or demand, and the account has no contracted capacity on days of it. Nothing is held.</summary>
    CapacityMissing,
}
