namespace AccountGrid.Domain.Policies;

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
    int OverdueDaysMoreThan, int StopNoticeDaysMin, int StopNoticeDaysMax, int LastNoticeMinutes, int ContactAttemptsMin, bool WelfareVisit,
    IReadOnlyList<int> ProtectedMonths,
    HoursPolicy AllowedHours, bool BeforeBusinessDay, int DataAgeHoursMax, int BalanceShownDaysMax, bool AuthorityCopyForImportant);
