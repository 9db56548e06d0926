namespace AccountGrid.Domain.Policies;

/// <summary>
/// A version of a policy pack as it is written, stored and shown: everything that differs by country, province and year. Immutable and
/// effective from a local day on. Money is decimal strings of <see cref="Currency"/>; times are local wall-clock <c>HH:mm</c> of the account's zone.
/// </summary>
public sealed record PolicyDefinition
{
    /// <summary>Name of the pack, 1 to 32 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Version, 1 and up.</summary>
    public required int Version { get; init; }

    /// <summary>First local day on which this version decides.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>ISO 4217 code; accounts under the pack have a tariff in it.</summary>
    public required string Currency { get; init; }

    public required CalendarPolicy Calendar { get; init; }

    public required LowBalancePolicy LowBalance { get; init; }

    /// <summary>Hours in which no message is handed to a channel; decided all the same.</summary>
    public required HoursPolicy QuietHours { get; init; }

    public required PrepaidPolicy Prepaid { get; init; }

    public required BillingPolicy Billing { get; init; }

    /// <summary>Nothing that was used more than so many months ago is charged, 1 to 120; 0 is no limit.</summary>
    public int BackBillingMonths { get; init; }

    public required LateFeePolicy LateFee { get; init; }

    public required LadderPolicy Ladder { get; init; }

    public required CutPolicy Cut { get; init; }

    public required RestorePolicy Restore { get; init; }

    public required BreakerPolicy Breaker { get; init; }

    public required ApprovalPolicy Approval { get; init; }

    /// <summary>Where each figure comes from; every figure above must be covered.</summary>
    public required IReadOnlyList<FigureSource> Sources { get; init; }
}

/// <summary>Business days: Monday to Friday but for holidays, and moved workdays (调休).</summary>
/// <param name="From">First day that the lists below cover.</param>
/// <param name="Until">Last day that they cover; beyond it only weekdays are known and no cut is made.</param>
public sealed record CalendarPolicy(DateOnly From, DateOnly Until, IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MovedWorkdays);

/// <param name="Amounts">Levels by amount.</param>
/// <param name="DaysLeft">Levels by forecast days of supply.</param>
public sealed record LowBalancePolicy(IReadOnlyList<AmountLevel> Amounts, IReadOnlyList<DaysLevel> DaysLeft);

/// <param name="Below">Fires when the balance falls below.</param>
/// <param name="Rearm">Is armed again when the balance stands at or above; not below <paramref name="Below"/>.</param>
public sealed record AmountLevel(string Below, string Rearm);

/// <param name="Below">Fires when the balance lasts for fewer days than this, 1 to 60.</param>
/// <param name="Rearm">Is armed again when it lasts for so many; more than <paramref name="Below"/>.</param>
public sealed record DaysLevel(int Below, int Rearm);

/// <summary>From, inclusive, to, exclusive; runs over midnight where it ends before it begins; equal is none.</summary>
public sealed record HoursPolicy(string From, string To);

/// <param name="EmergencyCredit">How far below zero the balance may go before the wait begins; 0 is none.</param>
/// <param name="EmergencyDays">Days for which emergency credit holds, 0 to 30; 0 where there is an amount: until the amount is used up, however long.</param>
/// <param name="FriendlyHours">Hours without cuts for want of balance.</param>
/// <param name="FriendlyDays">Day types without such cuts: <c>weekend</c>, <c>holiday</c>.</param>
/// <param name="WaitHours">From emergency credit's end to the earliest cut, hours.</param>
/// <param name="LastNoticeMinutes">From the last notice's proven delivery to the cut, minutes.</param>
/// <param name="DebtShareBasisPoints">Largest share of a payment that recovers debt, hundredths of a percent.</param>
/// <param name="DebtPerDay">Largest recovery per day.</param>
public sealed record PrepaidPolicy(
    string EmergencyCredit, int EmergencyDays, HoursPolicy FriendlyHours, IReadOnlyList<string> FriendlyDays, int WaitHours, int LastNoticeMinutes, int DebtShareBasisPoints, string DebtPerDay);

/// <param name="CloseAfterDays">Days after the period's end for late data, 1 to 28.</param>
/// <param name="DueBusinessDays">Business days from the bill to its due day, 1 to 60.</param>
/// <param name="ArrearsMinimum">Arrears below it have no consequences: no stage, no fee, no cut. In the currency's digits.</param>
/// <param name="Allocation">In which order a credit pays open items: <c>principal-first</c> or <c>fees-first</c>.</param>
public sealed record BillingPolicy(int CloseAfterDays, int DueBusinessDays, string ArrearsMinimum, string Allocation);

/// <param name="PerDayBasisPoints">Per day of this year's arrears, hundredths of a percent.</param>
/// <param name="CarriedPerDayBasisPoints">Per day of arrears carried over a year's end.</param>
/// <param name="Minimum">Least fee on an item that is late at all; in the currency's digits.</param>
/// <param name="DuringPlan">Whether a day at whose end a payment plan is kept bears a fee.</param>
/// <param name="DuringPromise">Whether a day at whose end a promise to pay is open bears one.</param>
/// <param name="DuringDispute">Whether a day at whose end a dispute is undecided bears one.</param>
public sealed record LateFeePolicy(int PerDayBasisPoints, int CarriedPerDayBasisPoints, string Minimum, bool DuringPlan = false, bool DuringPromise = false, bool DuringDispute = false);

/// <summary>Days of the oldest unpaid bill after its due day at which each stage may begin.</summary>
/// <param name="ReminderBeforeDueDays">Days before it; 0 is no reminder.</param>
/// <param name="DwellDays">Least days between two stages, so that missed days do not become a week of letters at once.</param>
/// <param name="CaseBusinessDays">Business days that a person has for a case before it is escalated.</param>
public sealed record LadderPolicy(
    int ReminderBeforeDueDays, int CourtesyAfterDays, int ContactAfterDays, int PlanOfferAfterDays, int DemandAfterDays, int StopNoticeAfterDays, int ClosedAfterDays, int WrittenOffAfterDays,
    int DwellDays, int CaseBusinessDays);

/// <param name="OverdueDaysMoreThan">A cut for arrears needs more days overdue than this.</param>
/// <param name="StopNoticeDaysMin">Days from the stop notice's proven delivery to the earliest cut.</param>
/// <param name="StopNoticeDaysMax">Days after which a stop notice is void.</param>
/// <param name="LastNoticeMinutes">From the last notice's proven delivery to the cut, minutes.</param>
/// <param name="ContactAttemptsMin">Attempts to reach the customer, recorded.</param>
/// <param name="WelfareVisit">Vulnerable customers need a recorded welfare visit.</param>
/// <param name="ProtectedMonths">Months without cuts for protected households, 1 to 12.</param>
/// <param name="AllowedHours">Hours in which supply may be cut.</param>
/// <param name="BeforeBusinessDay">Cut only where the next day is a business day, so that somebody can help.</param>
/// <param name="DataAgeHoursMax">Oldest last reading that a cut may rest on, hours.</param>
/// <param name="BalanceShownDaysMax">The customer must have been shown the balance within so many days.</param>
/// <param name="AuthorityCopyForImportant">Important users' stop notice goes to the authority as well.</param>
public sealed record CutPolicy(
    int OverdueDaysMoreThan, int StopNoticeDaysMin, int StopNoticeDaysMax, int LastNoticeMinutes, int ContactAttemptsMin, bool WelfareVisit, IReadOnlyList<int> ProtectedMonths,
    HoursPolicy AllowedHours, bool BeforeBusinessDay, int DataAgeHoursMax, int BalanceShownDaysMax, bool AuthorityCopyForImportant);

/// <param name="WithinMinutes">From the payment to the confirmed relay.</param>
/// <param name="Compensation">Credit where that time is missed; 0 is none.</param>
/// <param name="OrderedHoldHours">How long a restore or call-off that a person ordered holds where no date is given, hours, 1 to 2,160 (90 days).</param>
public sealed record RestorePolicy(int WithinMinutes, string Compensation, int OrderedHoldHours);

/// <summary>Cuts per hour beyond which a person must release them: of the whole grid, of one area, of one tariff.</summary>
public sealed record BreakerPolicy(int PerHour, int PerAreaPerHour, int PerTariffPerHour);

/// <summary>Amounts above which a second person must agree.</summary>
public sealed record ApprovalPolicy(string AdjustmentAbove, string WaiverAbove);

/// <param name="Figure">Path of a figure, or of the group it is in: <c>lateFee.minimum</c>, <c>ladder</c>.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Confirmed">Whether a public text confirms it; an unconfirmed one is this pack's choice.</param>
public sealed record FigureSource(string Figure, string Source, bool Confirmed);
