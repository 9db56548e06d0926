namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of payment channels and of what they ask.</summary>
public static class PaymentChannelRefusals
{
    public static RefusalCode Invalid { get; } =
        new("channel.invalid", 422, "The channel's definition is not valid.", "Correct the field that the detail names.");

    public static RefusalCode Immutable { get; } =
        new("channel.immutable", 409, "The channel's version exists with other content, or changes what a channel keeps.",
            "Register the change from another day, or under another id.");

    public static RefusalCode Unknown { get; } =
        new("channel.unknown", 404, "The channel does not exist, or no version of it is in force.", "Register it first.");

    public static RefusalCode OperationNotAllowed { get; } =
        new("channel.operation_not_allowed", 422, "The channel may not do this.", "Do what the channel's operations allow.");

    public static RefusalCode TenderNotAllowed { get; } =
        new("payment.tender_not_allowed", 422, "The channel does not take this tender.", "Send a tender that the detail names.");

    public static RefusalCode CurrencyDiffers { get; } =
        new("payment.currency_differs", 422, "The currency is not the channel's.", "Send the channel's currency.");

    public static RefusalCode AmountDigits { get; } =
        new("payment.amount_digits", 422, "The amount has more decimals than the currency.", "Round the amount to the currency's decimals.");

    public static RefusalCode AmountOutOfRange { get; } =
        new("payment.amount_out_of_range", 422, "The amount is outside the channel's limits.", "Send an amount in the range that the detail names.");

    public static RefusalCode AmountNotExact { get; } =
        new("payment.amount_not_exact", 422, "The amount is not what the query named.", "Query again and send what it names.");

    public static RefusalCode QueryNeeded { get; } =
        new("payment.query_needed", 422, "The channel takes only what a query named.", "Query first and send its queryRef while it is valid.");

    public static RefusalCode DayInvalid { get; } =
        new("payment.day_invalid", 422, "The business day is out of range.", "Send a day in the range that the detail names.");

    public static RefusalCode PaidInFuture { get; } =
        new("payment.paid_in_future", 422, "The time of the payment is in the future.", "Check the channel's clock.");

    public static RefusalCode TxnInvalid { get; } =
        new("payment.txn_invalid", 422, "The channel's id of the payment is not valid.", "Send 1 to 64 visible ASCII characters.");

    public static RefusalCode TxnReused { get; } =
        new("payment.txn_reused", 409, "The id was used before with other content.", "Use a new id for each payment and each reversal.");

    public static RefusalCode TxnClosed { get; } =
        new("payment.txn_closed", 409, "The id was closed before any payment came, by a status query or a reversal.",
            "Refund the customer, or pay under a new id.");

    public static RefusalCode ReversalMismatch { get; } =
        new("reversal.amount_differs", 422, "The amount is not the payment's whole amount.", "Send the whole amount of the payment.");

    public static RefusalCode ReversalReasonInvalid { get; } =
        new("reversal.reason_invalid", 422, "The reason is not known.", "Send a reason that the detail names.");

    public static RefusalCode ReversalWindowOver { get; } =
        new("reversal.window_over", 0, "The time in which the channel can reverse a payment is over.", "A person decides about a refund.");

    public static RefusalCode ReversalDoneBefore { get; } =
        new("reversal.done_before", 0, "Another reversal has taken the payment back already.", "Nothing needs to be done.");

    public static RefusalCode HeldUnknown { get; } =
        new("held.unknown", 404, "There is no held payment of this id.", "List the held payments again.");

    public static RefusalCode HeldAccountUnknown { get; } =
        new("held.account_unknown", 0, "The payment is held: its account does not exist.", "A person assigns it to an account.");

    public static RefusalCode HeldAccountClosed { get; } =
        new("held.account_closed", 0, "The payment is held: its account is closed and owes nothing.", "A person assigns it, or has it paid back.");

    public static RefusalCode HeldCurrencyDiffers { get; } =
        new("held.currency_differs", 0, "The payment is held: its account has another currency.", "A person assigns it, or has it paid back.");
}
