using System.Globalization;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Http;
using AccountGrid.Host.Surveys;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The page of service: complaints and surveys.</summary>
internal static class ServicePages
{
    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/service", ConsoleEndpoints.Show(ShowAsync));

    private static async Task<IResult> ShowAsync(ConsolePage page)
    {
        var query = page.Query("account", "month", "cursor");

        // Results are shown of a month that is over.
        var month = query[1].Value ?? page.Now.AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var (complaints, next) = await ComplaintsAsync(page, query[0].Value, query[2].Value);
        return page.Show<ServicePage>(new ServiceModel(
            query[0].Value, month, complaints, next,
            await page.PartAsync<SurveyResultsAnswer>(ConsoleLinks.List("/v1/surveys/results", ("month", month)))));
    }

    private static async Task<(ConsolePart<IReadOnlyList<ComplaintAnswer>> Complaints, string? Next)> ComplaintsAsync(
        ConsolePage page, string? account, string? cursor)
    {
        if (account is not null)
        {
            var own = await page.PartAsync<List<ComplaintAnswer>>($"/v1/accounts/{Uri.EscapeDataString(account)}/complaints");

            // A form that was filled in gets an answer, also where it is that the account is another's.
            return (new(true, own.Value, own.Error ?? page.T["error.403.help"]), null);
        }

        var all = await page.PartAsync<Page<ComplaintAnswer>>(ConsoleLinks.List("/v1/complaints", ("cursor", cursor)));
        return (new(all.IsShown, all.Value?.Data, all.Error), all.Value?.NextCursor);
    }
}
