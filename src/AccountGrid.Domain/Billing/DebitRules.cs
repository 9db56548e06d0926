using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// What is collected by direct debit, and what follows when it comes back: functions of facts alone. (Source: SEPA Direct Debit Core and B2B rulebooks:
/// pre-notification, a mandate that lapses after 36 months unused, refund within 8 weeks without a reason; reason codes of ISO 20022.)
/// </summary>
public static class DebitRules
{
    /// <summary>Longest time for which the bank's answer keeps late fees and cuts away, days: the longest holidays, twice.</summary>
    public const int WaitDaysMax = 31;

    /// <summary>Longest time for which a refunded payment counts as in dispute, days: the eight weeks in which a customer may ask for a refund.</summary>
    public const int DisputeDaysMax = 56;

    /// <summary>Months after which a mandate that nothing was collected under has lapsed.</summary>
    public const int LapseMonths = 36;

    /// <summary>Collections of one due day: a first one, and one more where funds were missing.</summary>
    public const int PresentationsMax = 2;

    /// <summary>Whether a bill is collected, and how much of it: what is unpaid, never more than the customer was told.</summary>
    public static DebitChoice Choose(in DebitFacts f) => f switch
    {
        { IsMandateActive: false } => new(Money.Zero, DirectDebitRefusals.MandateInactive),
        { IsInFlight: true } => new(Money.Zero, DirectDebitRefusals.InFlight),
        { HasPlan: true } => new(Money.Zero, DirectDebitRefusals.PlanExists),
        { HasPromise: true } => new(Money.Zero, DirectDebitRefusals.PromiseOpen),
        _ when f.Holds.Any(Forbids) => new(Money.Zero, DirectDebitRefusals.Held),
        _ when f.Owed <= Money.Zero => new(Money.Zero, DirectDebitRefusals.NothingOwed),
        _ when f.Announced <= Money.Zero => new(Money.Zero, DirectDebitRefusals.NotAnnounced),
        _ when f.Most > Money.Zero && Money.Min(f.Owed, f.Announced) > f.Most => new(Money.Zero, DirectDebitRefusals.AboveMaximum),
        _ => new(Money.Min(f.Owed, f.Announced), null),
    };

    /// <summary>Whether a notice that is given today comes in time: so many calendar days lie between it and the collection.</summary>
    public static bool IsInTime(int today, int day, int noticeDays) => day - today >= noticeDays;

    /// <summary>Whether a hold forbids to collect: the bill or the payment is in doubt, or a person has asked for a pause. Weather and supply do not.</summary>
    public static bool Forbids(HoldKind hold) => hold is not (HoldKind.Weather or HoldKind.OrderedRestore);

    /// <summary>Whether a mandate has lapsed by a day.</summary>
    /// <param name="lastUsed">Day of its last collection; the day of its signature where there was none.</param>
    public static bool IsLapsed(DateOnly lastUsed, DateOnly today) => today > lastUsed.AddMonths(LapseMonths);

    /// <summary>The sequence type of a collection under a mandate.</summary>
    /// <param name="isOneOff">The mandate is for one collection.</param>
    /// <param name="uses">Collections under it before, those left out that were not paid.</param>
    /// <param name="isFinal">It is the last one: the account is closed.</param>
    public static string SequenceOf(bool isOneOff, int uses, bool isFinal) => isOneOff ? "OOFF" : isFinal && uses > 0 ? "FNAL" : uses == 0 ? "FRST" : "RCUR";

    /// <summary>What a reason asks for. A reason that is not known is for a person, as one that says nothing.</summary>
    /// <param name="presentations">How often it was collected.</param>
    public static DebitReturnStep StepOf(string code, int presentations) => code switch
    {
        "AM04" => presentations < PresentationsMax ? DebitReturnStep.PresentAgain : DebitReturnStep.Look,
        "AC04" => DebitReturnStep.SuspendMandate,
        "MD01" => DebitReturnStep.CancelMandate,
        "MD06" => DebitReturnStep.Dispute,
        _ => DebitReturnStep.Look,
    };
}
