using AccountGrid.Domain.Overdue;

namespace AccountGrid.Domain.Accounts;

/// <param name="ConsentReference">What the customer signed to agree to prepaid control; null leaves what was so.</param>
public sealed record CustomerSet(int PolicyFamily, CustomerClass Class, CustomerTraits Traits, string? ConsentReference = null) : AccountEvent;

/// <param name="MovedNano">What was owed and is now in a debt agreement, nano; 0 is nothing.</param>
/// <param name="ShareBasisPoints">Terms of that agreement: share of each payment, hundredths of a percent.</param>
/// <param name="PerDayNano">And amount per day.</param>
public sealed record ModeSwitched(
    PaymentMode From, PaymentMode To, string? ConsentReference, string DecidedBy, string ApprovedBy, long MovedNano = 0, int ShareBasisPoints = 0, long PerDayNano = 0) : AccountEvent;

public sealed record HoldPlaced(HoldKind Kind, long UntilMs, string Reason) : AccountEvent;

public sealed record HoldLifted(HoldKind Kind, string Reason) : AccountEvent;

public sealed record PaymentAnnounced(string Reference, long UntilMs) : AccountEvent;

public sealed record PlanAgreed(IReadOnlyList<Instalment> Instalments, string AgreedBy) : AccountEvent;

/// <param name="Day">Local day of the instalment that was not met.</param>
public sealed record PlanBroken(int Day, long MissingNano) : AccountEvent;

/// <summary>Every instalment is paid, or nothing is owed any more.</summary>
public sealed record PlanFulfilled(long AmountNano) : AccountEvent;

public sealed record PlanCancelled(string By, string Reason) : AccountEvent;

public sealed record PaymentPromised(int ByDay) : AccountEvent;

/// <param name="Outcome">A code of <see cref="ContactOutcomes"/>.</param>
public sealed record ContactRecorded(string Kind, string By, string Outcome, string? CaseId, string? Note = null) : AccountEvent;

public sealed record CaseClosed(string CaseId, string By, string Outcome) : AccountEvent;

public sealed record DeliveryReported(string NoticeId, string Channel, long AtMs) : AccountEvent;

public sealed record FeesWaived(long AmountNano, string Reason, string DecidedBy, string? ApprovedBy) : AccountEvent;

public sealed record DebtMoved(long AmountNano, int ShareBasisPoints, long PerDayNano, string Reason) : AccountEvent;

public sealed record DebtRecovered(long AmountNano) : AccountEvent;

public sealed record WrittenOff(long AmountNano, string Reason, string DecidedBy, string ApprovedBy) : AccountEvent;

/// <param name="UntilMs">Until when nothing is cut, UTC ms.</param>
public sealed record RestoreOrdered(string By, string Reason, long UntilMs) : AccountEvent;

/// <summary>An ordered restore holds no more: what a cut waits for begins anew.</summary>
public sealed record WaitBegunAnew(string Reason) : AccountEvent;

/// <param name="DueDay">Last day on which it is paid in time; 0 where nothing is to be paid (a prepaid account's statement).</param>
public sealed record BillClosed(string Id, int FromDay, int ToDay, int DueDay, long AmountNano, long UnpaidNano, string Policy) : AccountEvent;

/// <param name="OverdueDays">Of the oldest unpaid bill; null where none is.</param>
public sealed record StageEntered(Stage From, Stage To, int? OverdueDays, long UnpaidNano, string Policy) : AccountEvent;

/// <param name="Id">Account, rule and episode.</param>
public sealed record NoticeGiven(string Id, string Kind, string Policy) : AccountEvent;

/// <summary>A message that waited was compared with the present before it left.</summary>
/// <param name="Kind">What it says now; null was withdrawn.</param>
/// <param name="Reason">Why it was withdrawn.</param>
public sealed record NoticeCompared(string Id, string? Kind, string? Reason) : AccountEvent;

/// <param name="Step"><c>planned</c>, <c>released</c> or <c>refused</c>.</param>
public sealed record CutDecided(string Step, int Sequence, InterlockResult Interlock) : AccountEvent;

public sealed record RelayChanged(Relay From, Relay To, int Sequence, CutCause Cause, string? Reason) : AccountEvent;

public sealed record CompensationGiven(long AmountNano, long RestoreSinceMs, string Policy) : AccountEvent;

public sealed record TamperSuspected(int Meter, int Sequence, long EnergyWh) : AccountEvent;
