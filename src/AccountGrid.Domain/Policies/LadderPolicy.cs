namespace AccountGrid.Domain.Policies;

/// <summary>Days of the oldest unpaid bill after its due day at which each stage may begin.</summary>
/// <param name="ReminderBeforeDueDays">Days before it; 0 is no reminder.</param>
/// <param name="DwellDays">Least days between two stages, so that missed days do not become a week of letters at once.</param>
/// <param name="CaseBusinessDays">Business days that a person has for a case before it is escalated.</param>
public sealed record LadderPolicy(
    int ReminderBeforeDueDays, int CourtesyAfterDays, int ContactAfterDays, int PlanOfferAfterDays, int DemandAfterDays, int StopNoticeAfterDays,
    int ClosedAfterDays, int WrittenOffAfterDays,
    int DwellDays, int CaseBusinessDays);
