using System.Reflection;
using System.Text.Json.Serialization;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Events;

/// <summary>Every kind of public event. The page docs/events.md is made from it.</summary>
internal static class EventCatalog
{
    /// <summary>What entries of the ledger are stored as.</summary>
    public const string Entry = "entry";

    private static readonly Dictionary<Type, string> StoredTypes =
        typeof(AccountEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    public static IReadOnlyList<EventKind> Kinds { get; } =
    [
        .. new[]
        {
            new EventKind("balance.entry-booked", Entry, EventShape.Of(typeof(EntryBooked)),
                "An entry was booked: a payment, a day's charge, a correction, a fee. Positive is credit.", null),
            Kind<BalanceLow>("balance.low", "The balance of a prepaid account fell below one of its levels."),
            Kind<BalanceAdjusted>("balance.adjusted", "A person corrected the balance."),
            Kind<PaymentTaken>("payment.taken", "A payment was taken."),
            Kind<PaymentReversed>("payment.reversed", "A payment was taken back."),
            Kind<RefundPaid>("payment.refunded", "Credit was paid out."),
            Kind<PaymentAnnounced>("payment.announced", "A payment is under way; it stops a cut until then."),
            Kind<PaymentPromised>("payment.promised", "The customer has promised to pay."),
            Kind<DebitAnnounced>("debit.announced", "A collection by direct debit was announced to the customer."),
            Kind<DebitCollected>("debit.collected", "A collection was handed to the bank."),
            Kind<DebitReturned>("debit.returned", "The bank gave a collection back."),
            Kind<BillClosed>("bill.issued", "A bill was issued, or for a prepaid account a statement."),
            Kind<StageEntered>("collection.overdue", "An unpaid account went to a stage of collection, or to a further one.", e => e.To > e.From),
            Kind<StageEntered>("collection.relieved", "An account went back to a milder stage of collection; to none, where nothing is overdue any more.",
                e => e.To <= e.From),
            Kind<PlanAgreed>("plan.agreed", "Instalments were agreed."),
            Kind<PlanBroken>("plan.broken", "An instalment was not paid in time: the plan has ended."),
            Kind<PlanFulfilled>("plan.fulfilled", "Every instalment is paid."),
            Kind<PlanCancelled>("plan.cancelled", "A plan was called off."),
            Kind<DebtMoved>("debt.moved", "What was owed was moved into a debt agreement."),
            Kind<DebtRecovered>("debt.recovered", "A part of a payment went to a debt agreement."),
            Kind<WrittenOff>("debt.written-off", "A debt was written off."),
            Kind<FeesWaived>("fee.waived", "Fees were waived."),
            Kind<NoticeGiven>("notice.decided", "A message to the customer was decided; its sending follows."),
            Kind<NoticeCompared>("notice.reviewed", "A message that had waited was compared with the present; without a kind it was withdrawn."),
            Kind<DeliveryReported>("notice.delivered", "The delivery of a message is proven."),
            Kind<CutDecided>("cut.planned", "A cut of supply was planned.", e => e.Step == CutStep.Planned),
            Kind<CutDecided>("cut.released", "The gateway asked for the command to cut, and got it.", e => e.Step == CutStep.Released),
            Kind<CutDecided>("cut.refused", "A cut was refused, with every reason against it.", e => e.Step == CutStep.Refused),
            Kind<RelayChanged>("cut.warned", "A last notice before a cut is out.", e => e.To == Relay.LastNotice),
            Kind<RelayChanged>("cut.confirmed", "Supply is off: every relay has confirmed it.", e => e.To == Relay.Cut),
            Kind<RelayChanged>("cut.withdrawn", "A cut that was announced or planned does not come.", e => e.To == Relay.On && e.From != Relay.Restoring),
            Kind<RestoreOrdered>("restore.ordered", "A person has ordered supply to be restored, or a cut to be called off."),
            Kind<RelayChanged>("restore.begun", "The command to restore supply waits for the gateway.", e => e.To == Relay.Restoring),
            Kind<RelayChanged>("restore.confirmed", "Supply is on again.", e => e.To == Relay.On && e.From == Relay.Restoring),
            Kind<CompensationGiven>("restore.compensated", "The customer got a compensation for a late restore."),
            Kind<AccountOpened>("account.opened", "An account was opened."),
            Kind<AccountClosed>("account.closed", "An account was closed."),
            Kind<CustomerSet>("account.customer-set", "The account was put under a policy pack, or its class was changed."),
            Kind<ModeSwitched>("account.mode-switched", "The account pays in another way."),
            Kind<BillingCycleSet>("account.billing-cycle-set", "The account is billed in another cycle."),
            Kind<ContractedCapacitySet>("account.contracted-capacity-set", "The contracted capacity was set, in thousandths of a kVA or kW."),
            Kind<HouseholdChanged>("account.household-changed", "Household size or protection was changed."),
            Kind<HoldPlaced>("account.hold-placed", "A hold was placed: nothing is collected or cut while it stands."),
            Kind<HoldLifted>("account.hold-lifted", "A hold was lifted."),
            Kind<TariffChanged>("tariff.changed", "The account has another tariff from a day on."),
            Kind<PriceNotified>("tariff.change-announced", "The customer was told of a change of price, or that it does not come."),
            Kind<MeterInstalled>("meter.installed", "A meter came to the account."),
            Kind<MeterReleased>("meter.removed", "A meter left the account."),
            Kind<MeterExchanged>("meter.exchanged", "A meter was exchanged for another."),
            Kind<MeterFactsSet>("meter.facts-set", "A meter has another capacity, interval, register width or transformer ratio from an instant on."),
            Kind<ReadingEstimated>("meter.reading-estimated", "The value of a silent meter was estimated; the next measured value takes its place."),
            Kind<TamperSuspected>("meter.tamper-suspected", "Energy was used behind a relay that is off."),
            Kind<ReadingDecided>("exception.decided", "A person decided about a reading."),
            Kind<ContactRecorded>("contact.recorded", "A contact with the customer was recorded."),
            Kind<CaseClosed>("case.closed", "A case was closed."),
            Kind<ComplaintFiled>("complaint.filed", "A complaint was opened."),
            Kind<ComplaintResolved>("complaint.resolved", "A complaint was decided."),
            Kind<SurveyAsked>("survey.asked", "The customer was asked how satisfied it is."),
        }.OrderBy(k => k.Name, StringComparer.Ordinal),
    ];

    /// <summary>Stored types that are not public, with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Inner { get; } = new Dictionary<string, string>
    {
        ["money-transferred"] = "between accounts of the company; its entry is public",
        ["transfer-returned"] = "between accounts of the company; its entry is public",
        ["commission-earned"] = "between the company and an agent; its entry is public",
        ["internal-moved"] = "between the company and an agent; its entry is public",
        ["float-terms-set"] = "between the company and an agent",
        ["wait-begun-anew"] = "an inner step on the way to a cut",
    };

    private static readonly Dictionary<string, EventKind> ByName = Kinds.ToDictionary(k => k.Name);

    private static readonly HashSet<string> Stored = [.. Kinds.Select(k => k.Stored), .. Inner.Keys];

    /// <summary>Whether this release knows a stored type. A silo of the next one may have written another.</summary>
    public static bool IsKnown(string stored) => Stored.Contains(stored);

    public static EventKind? Find(string name) => ByName.GetValueOrDefault(name);

    private static EventKind Kind<T>(string name, string text, Func<T, bool>? of = null)
        where T : AccountEvent =>
        new(name, StoredTypes[typeof(T)], EventShape.Of(typeof(T)), text, of is null ? null : happened => of((T)happened));
}
