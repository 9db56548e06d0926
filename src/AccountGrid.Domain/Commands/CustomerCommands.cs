using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Overdue;

namespace AccountGrid.Domain.Commands;

/// <summary>Puts an account under a policy pack, or changes what the workflows know of its customer.</summary>
/// <param name="PolicyFamily">Number of the pack, whatever its version.</param>
/// <param name="Traits">Without <see cref="CustomerTraits.PrepaidConsent"/>, which only a reference to what was signed gives.</param>
/// <param name="ConsentReference">What the customer signed to agree to prepaid control; null leaves what was so.</param>
public sealed record SetCustomer(int Account, int PolicyFamily, CustomerClass Class, CustomerTraits Traits, string? ConsentReference = null) : AccountCommand(Account);

/// <param name="ConsentReference">What the customer signed to agree to prepaid control; needed for it.</param>
/// <param name="DecidedBy">Who decided it.</param>
/// <param name="ApprovedBy">A second person.</param>
/// <param name="ShareBasisPoints">Terms of a debt agreement for what is owed, hundredths of a percent of each payment; with 0 here and in the next nothing may be owed.</param>
/// <param name="PerDayNano">And amount per day, nano.</param>
public sealed record SwitchMode(int Account, PaymentMode Mode, string? ConsentReference, string DecidedBy, string ApprovedBy, int ShareBasisPoints = 0, long PerDayNano = 0) : AccountCommand(Account);

/// <param name="UntilMs">When it ends by itself; null is when it is lifted.</param>
public sealed record PlaceHold(int Account, HoldKind Kind, long? UntilMs, string Reason) : AccountCommand(Account);

public sealed record LiftHold(int Account, HoldKind Kind, string Reason) : AccountCommand(Account);

/// <summary>A channel says that a payment is on its way: no cut while it is waited for.</summary>
public sealed record AnnouncePayment(int Account, string Reference, long UntilMs) : AccountCommand(Account);

/// <param name="Instalments">Rising by day; together what is overdue, or less.</param>
public sealed record AgreePlan(int Account, IReadOnlyList<Instalment> Instalments, string AgreedBy) : AccountCommand(Account);

/// <summary>Ends a plan by a person's decision.</summary>
public sealed record CancelPlan(int Account, string By, string Reason) : AccountCommand(Account);

/// <param name="ByDay">Last local day of the promise.</param>
public sealed record PromisePayment(int Account, int ByDay) : AccountCommand(Account);

/// <param name="Kind"><c>call</c>, <c>visit</c>, <c>letter</c>, <c>welfare-visit</c>, <c>authority-copy</c>.</param>
/// <param name="Outcome">A code of <see cref="ContactOutcomes"/>; what it proves is defined there.</param>
/// <param name="CaseId">Open case of this account that it closes; null is none.</param>
/// <param name="Note">Free text. It proves nothing.</param>
public sealed record RecordContact(int Account, string Kind, string By, string Outcome, string? CaseId, string? Note = null) : AccountCommand(Account);

/// <summary>Closes a case without a contact.</summary>
/// <param name="Outcome">Free text.</param>
public sealed record CloseCase(int Account, string CaseId, string By, string Outcome) : AccountCommand(Account);

/// <summary>A message's delivery is proven. For a notice that a cut depends on, this starts its time.</summary>
/// <param name="AtMs">When it was delivered.</param>
public sealed record ReportDelivery(int Account, string NoticeId, string Channel, long AtMs) : AccountCommand(Account);

/// <summary>A message that waited is about to leave: is it still true? Asked by the sender, decided here, recorded, and written to the outbox with the effects.</summary>
/// <param name="Kind">The message's kind as the outbox has it.</param>
public sealed record ConfirmNotice(int Account, string NoticeId, string Kind) : AccountCommand(Account);

public sealed record WaiveFees(int Account, long AmountNano, string Reason, string DecidedBy, string? ApprovedBy) : AccountCommand(Account);

/// <summary>Takes what is owed out of the balance, to be recovered beside it.</summary>
public sealed record MoveToDebt(int Account, long AmountNano, int ShareBasisPoints, long PerDayNano, string Reason) : AccountCommand(Account);

public sealed record WriteOff(int Account, long AmountNano, string Reason, string DecidedBy, string ApprovedBy) : AccountCommand(Account);

/// <summary>A person has supply restored, or a cut that is under way called off. It holds until a date; then the whole wait begins anew.</summary>
/// <param name="UntilMs">Until when nothing is cut, UTC ms; null is the pack's <c>restore.orderedHoldHours</c> from now.</param>
public sealed record OrderRestore(int Account, string By, string Reason, long? UntilMs = null) : AccountCommand(Account);

/// <summary>The gateway asks for a planned cut: it is decided once more, at this version of the account.</summary>
public sealed record ReleaseCut(int Account, int Sequence) : AccountCommand(Account);

/// <param name="IsOn">State of the relay as the meter confirms it.</param>
/// <param name="AtMs">When it was so, by the gateway.</param>
public sealed record ReportRelay(int Account, int Meter, int Sequence, bool IsOn, long AtMs) : AccountCommand(Account);
