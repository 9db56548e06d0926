using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Billing;

/// <summary>Who sends a bill, to whom, and how it can be paid: what a bill's page shows beside its figures, in one language.</summary>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>, as it is on record for the customer.</param>
/// <param name="Supplier">The company as its notices sign.</param>
/// <param name="WaysToPay">A sentence.</param>
internal sealed record BillParty(string Language, string Supplier, string Phone, string WaysToPay)
{
    public static BillParty Of(NoticeOptions options, string? language)
    {
        var chosen = BillTexts.IsChinese(language ?? options.Language) ? "zh-CN" : "en";
        return new BillParty(chosen, options.Company, options.Phone, options.HowToPay.GetValueOrDefault(chosen, ""));
    }
}
