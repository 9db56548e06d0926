using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Accounts;

/// <summary>What happened to an account. Closed set; stored with position and sequence. Money is nano.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AccountOpened), "account-opened")]
[JsonDerivedType(typeof(PaymentTaken), "payment-taken")]
[JsonDerivedType(typeof(PaymentReversed), "payment-reversed")]
[JsonDerivedType(typeof(RefundPaid), "refund-paid")]
[JsonDerivedType(typeof(BalanceAdjusted), "balance-adjusted")]
[JsonDerivedType(typeof(TariffChanged), "tariff-changed")]
[JsonDerivedType(typeof(AccountClosed), "account-closed")]
[JsonDerivedType(typeof(HouseholdChanged), "household-changed")]
[JsonDerivedType(typeof(MeterInstalled), "meter-installed")]
[JsonDerivedType(typeof(MeterReleased), "meter-released")]
[JsonDerivedType(typeof(MeterExchanged), "meter-exchanged")]
[JsonDerivedType(typeof(BalanceLow), "balance-low")]
[JsonDerivedType(typeof(CustomerSet), "customer-set")]
[JsonDerivedType(typeof(ModeSwitched), "mode-switched")]
[JsonDerivedType(typeof(HoldPlaced), "hold-placed")]
[JsonDerivedType(typeof(HoldLifted), "hold-lifted")]
[JsonDerivedType(typeof(PaymentAnnounced), "payment-announced")]
[JsonDerivedType(typeof(PlanAgreed), "plan-agreed")]
[JsonDerivedType(typeof(PlanBroken), "plan-broken")]
[JsonDerivedType(typeof(PlanFulfilled), "plan-fulfilled")]
[JsonDerivedType(typeof(PlanCancelled), "plan-cancelled")]
[JsonDerivedType(typeof(PaymentPromised), "payment-promised")]
[JsonDerivedType(typeof(ContactRecorded), "contact-recorded")]
[JsonDerivedType(typeof(CaseClosed), "case-closed")]
[JsonDerivedType(typeof(DeliveryReported), "delivery-reported")]
[JsonDerivedType(typeof(FeesWaived), "fees-waived")]
[JsonDerivedType(typeof(DebtMoved), "debt-moved")]
[JsonDerivedType(typeof(DebtRecovered), "debt-recovered")]
[JsonDerivedType(typeof(WrittenOff), "written-off")]
[JsonDerivedType(typeof(RestoreOrdered), "restore-ordered")]
[JsonDerivedType(typeof(WaitBegunAnew), "wait-begun-anew")]
[JsonDerivedType(typeof(BillClosed), "bill-closed")]
[JsonDerivedType(typeof(StageEntered), "stage-entered")]
[JsonDerivedType(typeof(NoticeGiven), "notice-given")]
[JsonDerivedType(typeof(NoticeCompared), "notice-compared")]
[JsonDerivedType(typeof(CutDecided), "cut-decided")]
[JsonDerivedType(typeof(RelayChanged), "relay-changed")]
[JsonDerivedType(typeof(CompensationGiven), "compensation-given")]
[JsonDerivedType(typeof(TamperSuspected), "tamper-suspected")]
public abstract record AccountEvent;

public sealed record AccountOpened(string AccountId, int Tariff, PaymentMode Mode, int OpenedDay, byte HouseholdSize, bool Protected, IReadOnlyList<long> LevelsNano) : AccountEvent;

public sealed record PaymentTaken(long AmountNano, string Channel, string? Reference) : AccountEvent;

public sealed record PaymentReversed(long PaymentPosition, long AmountNano, string? Reason) : AccountEvent;

/// <param name="Approved">A second person agreed.</param>
public sealed record RefundPaid(long AmountNano, string? Reason, bool Approved = false) : AccountEvent;

/// <param name="CorrectsPosition">Position of the adjustment that it takes back, whole or in part; null is none.</param>
/// <param name="Approved">A second person agreed.</param>
public sealed record BalanceAdjusted(long AmountNano, string Reason, long? CorrectsPosition = null, bool Approved = false) : AccountEvent;

public sealed record TariffChanged(int Tariff, int FromDay) : AccountEvent;

/// <param name="FromDay">First day of the tier period from which it holds.</param>
public sealed record HouseholdChanged(byte HouseholdSize, bool Protected, int FromDay, string Reason) : AccountEvent;

/// <param name="LastDay">Last local day of the account: standing charges are taken through it.</param>
public sealed record AccountClosed(int LastDay, string? Reason) : AccountEvent;

public sealed record MeterInstalled(int Meter, long FromMs, long RegisterWh) : AccountEvent;

public sealed record MeterReleased(int Meter, long AtMs, long RegisterWh, int ToAccount) : AccountEvent;

public sealed record MeterExchanged(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh) : AccountEvent;

/// <param name="Id">Name of the notice: account, rule and episode. The same crossing always has the same.</param>
public sealed record BalanceLow(string Id, long LevelNano, long BalanceNano) : AccountEvent;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountEvent))]
public sealed partial class AccountEventJson : JsonSerializerContext;
