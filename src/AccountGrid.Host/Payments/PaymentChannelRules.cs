using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Payments;

/// <summary>What makes a channel's definition, and a payment under it, acceptable: functions of their arguments alone.</summary>
internal static class PaymentChannelRules
{
    /// <summary>
    /// Earliest business day of a payment, days before the channel's today. (Source: batches of banks come over holidays, of at most ten days.)
    /// </summary>
    public const int DaysBack = 14;

    private const int ReversalHoursMax = 24 * 400;
    private const int PendingMinutesMax = 120;

    private static readonly string[] Kinds = ["bank", "agent", "wallet", "counter", "direct-debit", "token-vendor"];
    private static readonly string[] Operations = ["query", "pay", "reverse"];
    private static readonly string[] Tenders = ["cash", "bank", "card", "wallet", "debit", "token"];
    private static readonly string[] Exactnesses = ["any", "exact", "up"];
    private static readonly string[] Bearers = ["company", "customer"];

    /// <summary>The first thing that is wrong with a definition; null where it can be used.</summary>
    /// <param name="allowHttp">Whether a probe may go without TLS.</param>
    public static Refusal? Check(PaymentChannelDefinition d, bool allowHttp = false)
    {
        static Refusal No(string field, object? value, string right) =>
            new(PaymentChannelRefusals.Invalid, string.Create(CultureInfo.InvariantCulture, $"{field}: '{value}' is not {right}."));

        if (Requests.CheckId("id", d.Id) is { } wrongId)
        {
            return wrongId;
        }

        if (d.Id.Contains(':', StringComparison.Ordinal))
        {
            return No("id", d.Id, "an id without a colon");
        }

        var least = default(Money);
        var most = default(Money);
        return OneOf("kind", d.Kind, Kinds)
            ?? (Currencies.DigitsOf(d.Currency) is null ? No("currency", d.Currency, "a currency of ISO 4217 such as CNY") : null)
            ?? (LocalCalendar.Find(d.Zone) is null ? No("zone", d.Zone, "a time zone such as Asia/Shanghai") : null)
            ?? AllOf("operations", d.Operations, Operations)
            ?? AllOf("tenders", d.Tenders, Tenders)
            ?? Requests.CheckAmount("minAmount", d.MinAmount, out least)
            ?? (least > Money.Zero ? null : No("minAmount", d.MinAmount, "more than 0"))
            ?? Requests.CheckAmount("maxAmount", d.MaxAmount, out most)
            ?? (most >= least ? null : No("maxAmount", d.MaxAmount, $"at least minAmount, {d.MinAmount}"))
            ?? OneOf("exactness", d.Exactness, Exactnesses)
            ?? (CutOffMinute(d.CutOff) is null ? No("cutOff", d.CutOff, "a time from 00:01 to 24:00, HH:mm") : null)
            ?? (d.ReversalHours is >= 0 and <= ReversalHoursMax ? null : No("reversalHours", d.ReversalHours, $"0 to {ReversalHoursMax}"))
            ?? (d.PendingMinutes is >= 0 and <= PendingMinutesMax ? null : No("pendingMinutes", d.PendingMinutes, $"0 to {PendingMinutesMax}"))
            ?? CheckFee(d.Fee)
            ?? CheckSettlement(d.Settlement)
            ?? CheckDirectDebit(d)
            ?? ChannelTargetRules.Check(d, allowHttp);

        static Refusal? CheckSettlement(SettlementMapping? mapping) => mapping is not null && SettlementMappings.Check(mapping) is { Count: > 0 } wrong
            ? new(PaymentChannelRefusals.Invalid, string.Join(' ', wrong.Select(w => $"settlement.{w}")))
            : null;

        static Refusal? CheckFee(PaymentChannelFee? fee)
        {
            if (fee is null)
            {
                return null;
            }

            var amount = default(Money);
            return Requests.CheckAmount("fee.fixed", fee.Fixed, out amount)
                ?? (amount >= Money.Zero ? null : No("fee.fixed", fee.Fixed, "0 or more"))
                ?? (fee.BasisPoints is >= 0 and <= 10_000 ? null : No("fee.basisPoints", fee.BasisPoints, "0 to 10000"))
                ?? OneOf("fee.bornBy", fee.BornBy, Bearers);
        }

        static Refusal? OneOf(string field, string value, string[] known) => known.Contains(value) ? null : No(field, value, string.Join(", ", known));

        static Refusal? AllOf(string field, IReadOnlyList<string> values, string[] known) =>
            values.Count == 0 ? No(field, "", $"one or more of {string.Join(", ", known)}")
            : values.Distinct().Count() != values.Count ? No(field, string.Join(", ", values), "a list without repetitions")
            : values.Select(v => OneOf(field, v, known)).FirstOrDefault(r => r is not null);
    }

    private static Refusal? CheckDirectDebit(PaymentChannelDefinition d) =>
        d.DirectDebit is null ? null
        : d.Kind != "direct-debit"
        ? new(PaymentChannelRefusals.Invalid, $"directDebit: it is only for channels of kind direct-debit, and the kind is '{d.Kind}'.")
        : DirectDebitSettings.Check(d.DirectDebit, d.Currency) is { Count: > 0 } wrong
        ? new(PaymentChannelRefusals.Invalid, string.Join(' ', wrong.Select(w => $"directDebit.{w}")))
        : null;

    /// <summary>Local minute at which the business day ends, 1 to 1440; null for what is no such time.</summary>
    public static int? CutOffMinute(string cutOff) =>
        cutOff == "24:00" ? 1_440
        : TimeOnly.TryParseExact(cutOff, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time > TimeOnly.MinValue
            ? (time.Hour * 60) + time.Minute
            : null;

    /// <summary>The local day of an instant in the channel's zone.</summary>
    public static DateOnly LocalDay(PaymentChannelDefinition d, DateTimeOffset at) =>
        DateOnly.FromDayNumber(LocalCalendar.Find(d.Zone)!.DayOf(at.ToUnixTimeMilliseconds()));

    /// <summary>The business day of an instant: the local day, or the next one from the cut-off on.</summary>
    public static DateOnly BusinessDay(PaymentChannelDefinition d, DateTimeOffset at)
    {
        var calendar = LocalCalendar.Find(d.Zone)!;
        var ms = at.ToUnixTimeMilliseconds();
        return DateOnly.FromDayNumber(calendar.DayOf(ms) + (calendar.MinuteOf(ms) >= CutOffMinute(d.CutOff) ? 1 : 0));
    }

    /// <summary>Why a payment cannot be taken from the channel; null where it can.</summary>
    /// <param name="quoted">What the query that the payment names had asked for; null where it names none.</param>
    public static Refusal? Check(PaymentChannelDefinition d, ChannelPaymentRequest r, Money amount, Money? quoted, DateTimeOffset now)
    {
        var digits = Currencies.DigitsOf(d.Currency)!.Value;
        Money.TryParse(d.MinAmount, out var least);
        Money.TryParse(d.MaxAmount, out var most);
        var today = BusinessDay(d, now);
        if (!d.Operations.Contains("pay"))
        {
            return new(PaymentChannelRefusals.OperationNotAllowed, $"Channel '{d.Id}' may not pay.");
        }

        if (!d.Tenders.Contains(r.Tender))
        {
            return new(PaymentChannelRefusals.TenderNotAllowed, $"tender: '{r.Tender}' is not one of channel '{d.Id}': {string.Join(", ", d.Tenders)}.");
        }

        if (r.Currency != d.Currency)
        {
            return new(PaymentChannelRefusals.CurrencyDiffers, $"currency: '{r.Currency}' is not {d.Currency}, the currency of channel '{d.Id}'.");
        }

        if (amount.RoundedTo(digits) != amount)
        {
            return new(PaymentChannelRefusals.AmountDigits, $"amount: '{r.Amount}' has more than the {digits} decimals of {d.Currency}.");
        }

        if (amount < least || amount > most)
        {
            return new(PaymentChannelRefusals.AmountOutOfRange, $"amount: '{r.Amount}' is not from {d.MinAmount} to {d.MaxAmount}.");
        }

        if (d.Exactness != "any" && quoted is null)
        {
            return new(PaymentChannelRefusals.QueryNeeded,
                $"queryRef: channel '{d.Id}' takes what a query named; send the queryRef of one that is still valid.");
        }

        if ((d.Exactness == "exact" && amount != quoted) || (d.Exactness == "up" && amount < quoted))
        {
            return new(PaymentChannelRefusals.AmountNotExact,
                $"amount: '{r.Amount}' is not {(d.Exactness == "up" ? "at least " : "")}{quoted}, which the query named.");
        }

        return r.BusinessDay < today.AddDays(-DaysBack) || r.BusinessDay > today.AddDays(1)
            ? new(PaymentChannelRefusals.DayInvalid,
                $"businessDay: {r.BusinessDay:yyyy-MM-dd} is not from {today.AddDays(-DaysBack):yyyy-MM-dd} to {today.AddDays(1):yyyy-MM-dd}.")
            : r.PaidAt > now.AddMinutes(10)
                ? new(PaymentChannelRefusals.PaidInFuture, $"paidAt: {r.PaidAt:O} is later than now by more than ten minutes.")
                : null;
    }
}
