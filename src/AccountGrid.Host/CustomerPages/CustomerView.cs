using AccountGrid.Host.Notices;
using AccountGrid.Host.OperatorConsole;

namespace AccountGrid.Host.CustomerPages;

/// <summary>In whose words a page speaks: the customer's language, and the company's name and number.</summary>
/// <param name="Company">Empty is not set.</param>
/// <param name="Phone">Empty is not set.</param>
/// <param name="HowToPay">A sentence.</param>
public sealed record CustomerView(ConsoleTexts T, string Company, string Phone, string HowToPay)
{
    /// <param name="asked">The language that was asked for; null is the customer's.</param>
    /// <param name="known">The customer's; null is not known.</param>
    internal static CustomerView Of(NoticeOptions notices, string? asked, string? known, HttpRequest request)
    {
        var t = ConsoleTexts.Of(asked ?? known ?? (notices.Language.Length > 0 ? notices.Language : request.Headers.AcceptLanguage.ToString()));
        return new(t, notices.Company, notices.Phone, notices.HowToPay.GetValueOrDefault(t.Language, ""));
    }
}
