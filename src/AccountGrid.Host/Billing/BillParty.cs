using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Billing;

/// <summary>
/// Who sends a bill, to whom, and how it can be paid: what a bill's page shows beside its figures, in one language. What is empty is left out.
/// </summary>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>, as it was asked for, or as it is on record for the customer.</param>
/// <param name="Supplier">The company as its notices sign.</param>
/// <param name="WaysToPay">A sentence.</param>
/// <param name="Customer">Name of the registered customer that the account belongs to; null where it belongs to none.</param>
/// <param name="Options">The company's own data; null is none.</param>
internal sealed record BillParty(
    string Language, string Supplier, string Phone, string WaysToPay, string? Customer = null, BillOptions? Options = null)
{
    /// <param name="language">As it was asked for; null is the customer's, or else the company's.</param>
    public static BillParty Of(NoticeOptions notices, BillOptions bills, string? language, string? customer)
    {
        var chosen = BillTexts.IsChinese(language ?? notices.Language) ? "zh-CN" : "en";
        return new BillParty(chosen, notices.Company, notices.Phone, notices.HowToPay.GetValueOrDefault(chosen, ""), customer, bills);
    }
}
