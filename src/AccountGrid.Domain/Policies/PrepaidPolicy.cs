namespace AccountGrid.Domain.Policies;

/// <param name="EmergencyCredit">How far below zero the balance may go before the wait begins; 0 is none.</param>
/// <param name="EmergencyDays">Days for which emergency credit holds, 0 to 30; 0 where there is an amount: until the amount is used up, however long.</param>
/// <param name="FriendlyHours">Hours without cuts for want of balance.</param>
/// <param name="FriendlyDays">Day types without such cuts: <c>weekend</c>, <c>holiday</c>.</param>
/// <param name="WaitHours">From emergency credit's end to the earliest cut, hours.</param>
/// <param name="LastNoticeMinutes">From the last notice's proven delivery to the cut, minutes.</param>
/// <param name="DebtShareBasisPoints">Largest share of a payment that recovers debt, hundredths of a percent.</param>
/// <param name="DebtPerDay">Largest recovery per day.</param>
public sealed record PrepaidPolicy(
    string EmergencyCredit, int EmergencyDays, HoursPolicy FriendlyHours, IReadOnlyList<string> FriendlyDays, int WaitHours, int LastNoticeMinutes,
    int DebtShareBasisPoints, string DebtPerDay);
