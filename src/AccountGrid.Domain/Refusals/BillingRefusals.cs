namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of payments, adjustments, plans, debt and fees.</summary>
public static class BillingRefusals
{
    public static RefusalCode PaymentUnknown { get; } =
        new("payment.unknown", 404, "The payment does not exist, or is too old to reverse.", "Check the payment's id.");

    public static RefusalCode PaymentIdInvalid { get; } =
        new("payment.id_invalid", 400, "The payment's id is not valid.", "Send the id that the payment's answer gave.");

    public static RefusalCode PaymentReversed { get; } =
        new("payment.reversed", 409, "The payment is reversed already.", "Nothing needs to be done.");

    public static RefusalCode PaymentTooOld { get; } =
        new("payment.too_old", 422, "The grid no longer knows which items the payment paid.", "Adjust the balance instead.");

    public static RefusalCode PaymentUntilInvalid { get; } =
        new("payment.until_invalid", 422, "The announced payment's end is out of range.", "Choose a time in the range that the detail names.");

    public static RefusalCode PaymentTooManyPending { get; } =
        new("payment.too_many_pending", 422, "There are too many announced payments.", "Wait until one arrives or ends.");

    public static RefusalCode AdjustmentUnknown { get; } =
        new("adjustment.unknown", 422, "The adjustment does not exist.", "Check the adjustment's id.");

    public static RefusalCode AdjustmentIdInvalid { get; } =
        new("adjustment.id_invalid", 400, "The adjustment's id is not valid.", "Send the id that the adjustment's answer gave.");

    public static RefusalCode AdjustmentTooOld { get; } =
        new("adjustment.too_old", 422, "The grid no longer knows which items the adjustment paid.", "Adjust the balance instead.");

    public static RefusalCode AdjustmentNotCorrected { get; } =
        new("adjustment.not_corrected", 422, "The correction does not fit the adjustment.", "Correct at most what is left of it, in the other direction.");

    public static RefusalCode RefundExceedsBalance { get; } =
        new("refund.exceeds_balance", 422, "The refund is more than the balance.", "Send at most the balance.");

    public static RefusalCode PlanExists { get; } =
        new("plan.exists", 422, "There is a payment plan already.", "Cancel it first.");

    public static RefusalCode PlanUnknown { get; } =
        new("plan.unknown", 422, "There is no payment plan.", "Nothing needs to be done.");

    public static RefusalCode PlanInvalid { get; } =
        new("plan.invalid", 422, "The instalments are not valid.", "Send amounts above 0 on rising days, from today on.");

    public static RefusalCode PlanTooMuch { get; } =
        new("plan.too_much", 422, "The instalments are more than what is unpaid.", "Send instalments that sum to at most what is unpaid.");

    public static RefusalCode CycleInvalid { get; } =
        new("billing_cycle.invalid", 422, "The billing day or the months of a period are out of range.", "Send values in the ranges that the detail names.");

    public static RefusalCode CycleOfInstalments { get; } =
        new("billing_cycle.instalments", 422, "The account is billed by instalments.", "Switch its mode first, or leave it on the pack's days.");

    public static RefusalCode PromiseInvalid { get; } =
        new("promise.invalid", 422, "The promised day is out of range.", "Choose a day in the range that the detail names.");

    public static RefusalCode WaiverInvalid { get; } =
        new("waiver.invalid", 422, "The waived amount is out of range.", "Send an amount in the range that the detail names.");

    public static RefusalCode DebtInvalid { get; } =
        new("debt.invalid", 422, "The amount of the debt agreement is out of range.", "Send an amount in the range that the detail names.");

    public static RefusalCode DebtShareInvalid { get; } =
        new("debt.share_invalid", 422, "The share that recovers debt is out of range.", "Send a share in the range that the detail names.");

    public static RefusalCode DebtPerDayInvalid { get; } =
        new("debt.per_day_invalid", 422, "The daily amount that recovers debt is out of range.", "Send an amount in the range that the detail names.");

    public static RefusalCode DebtNoTerms { get; } =
        new("debt.no_terms", 422, "The debt agreement has no terms.", "Send a share or a daily amount; a write-off is a request of its own.");

    public static RefusalCode WriteOffInvalid { get; } =
        new("write_off.invalid", 422, "The amount to write off is out of range.", "Send an amount in the range that the detail names.");

    public static RefusalCode BillUnknown { get; } =
        new("bill.unknown", 404, "The bill does not exist.", "Check the month; bills are made after the end of their period.");

    public static RefusalCode BillMonthInvalid { get; } =
        new("bill.month_invalid", 400, "The month is not valid.", "Send yyyy-MM, or the first day of an instalment as yyyy-MM-dd.");

    public static RefusalCode BillNotWritten { get; } =
        new("bill.not_written", 409, "The bill is closed and its document is not written yet.", "Ask again in a minute.");

    public static RefusalCode BillLanguageInvalid { get; } =
        new("bill.language_invalid", 422, "The language is none that bills are written in.", "Send one of the languages that the detail names, or none.");

    public static RefusalCode InvoiceSettingMissing { get; } =
        new("invoice.setting_missing", 422, "The company's data for e-invoices is not complete.", "Set what the detail names, and restart.");

    public static RefusalCode InvoiceBuyerUnknown { get; } =
        new("invoice.buyer_unknown", 422, "The account belongs to no registered customer.", "Register the customer and attach the account.");

    public static RefusalCode InvoiceEndpointInvalid { get; } =
        new("invoice.endpoint_invalid", 422, "The buyer's electronic address is not valid.", "Send scheme:identifier, such as 9930:DE123456789.");

    public static RefusalCode InvoiceTaxUnknown { get; } =
        new("invoice.tax_unknown", 422, "The tax category of a part of the bill is not known.", "Write the invoice by hand, or change what the detail names.");

    public static RefusalCode InvoiceCurrencyDigits { get; } =
        new("invoice.currency_digits", 422, "The currency has more decimals than an e-invoice.", "Use the bill's page.");

    public static RefusalCode InvoiceEmpty { get; } =
        new("invoice.empty", 422, "The bill charges nothing.", "Nothing needs to be done.");

    public static RefusalCode InvoiceNotReconciled { get; } =
        new("invoice.not_reconciled", 422, "The bill's lines do not sum to its total by the rules of e-invoices.", "Write the invoice by hand.");
}
