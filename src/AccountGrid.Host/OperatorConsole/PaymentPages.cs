using System.Globalization;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Scorecard;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Pages of payment channels: how well they work, what they settle, whose payments are not known, agents and direct debit.</summary>
internal static class PaymentPages
{
    /// <summary>Days that a channel's page shows where nobody chose others.</summary>
    private const int DaysShown = 7;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/payments", ConsoleEndpoints.Show(PaymentsAsync));
        pages.MapGet("/channels/{channel}", ConsoleEndpoints.Show(ChannelAsync));
        pages.MapGet("/channels/{channel}/days/{day}", ConsoleEndpoints.Show(ChannelDayAsync));
        pages.MapGet("/suspense", ConsoleEndpoints.Show(SuspenseAsync));
        pages.MapGet("/agents", ConsoleEndpoints.Show(AgentsAsync));
        pages.MapGet("/agents/{id}", ConsoleEndpoints.Show(AgentAsync));
        pages.MapGet("/debits/{channel}", ConsoleEndpoints.Show(DebitsAsync));
        pages.MapGet("/debits/{channel}/day", ConsoleEndpoints.Show(page => Task.FromResult<IResult>(
            new SeeOther($"{ConsoleLinks.Debits(page.Route("channel"))}/{Uri.EscapeDataString(page.Query("day")[0].Value ?? "")}"))));
        pages.MapGet("/debits/{channel}/{day}", ConsoleEndpoints.Show(DebitDayAsync));
    }

    private static async Task<IResult> PaymentsAsync(ConsolePage page)
    {
        if (ConsoleEndpoints.NotFor(page, "/v1/channels") is { } refused)
        {
            return refused;
        }

        var query = page.Query("measure", "month");
        var measure = query[0].Value ?? "availability";

        // What customers say is shown of a month that is over.
        var last = measure == "satisfaction" ? page.Now.AddMonths(-1) : page.Now.AddDays(-1);
        var month = query[1].Value ?? last.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return page.Show<PaymentsPage>(new PaymentsModel(
            measure, month, DateOnly.FromDateTime(page.Now.UtcDateTime), await page.PartAsync<List<PaymentChannelDefinition>>("/v1/channels"),
            await page.PartAsync<RankingAnswer>(ConsoleLinks.List("/v1/channels/ranking", ("measure", measure), ("month", month)))));
    }

    private static async Task<IResult> ChannelAsync(ConsolePage page)
    {
        var channel = page.Route("channel");
        var all = await page.SendAsync("GET", "/v1/channels");
        if (!all.IsGood)
        {
            return ConsoleEndpoints.Refused(page, all);
        }

        var versions = all.Read<List<PaymentChannelDefinition>>().Where(c => c.Id == channel).OrderByDescending(c => c.EffectiveFrom).ToList();
        if (versions.Count == 0)
        {
            return page.Show<ErrorPage>(new ErrorModel(404), 404);
        }

        var query = page.Query("from", "to");
        var to = query[1].Value ?? Day(DateOnly.FromDateTime(page.Now.UtcDateTime));
        var from = query[0].Value ?? (DateOnly.TryParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            && last.DayNumber >= DaysShown ? Day(last.AddDays(1 - DaysShown)) : to);
        var path = $"/v1/channels/{Uri.EscapeDataString(channel)}";
        return page.Show<ChannelPage>(new ChannelModel(
            channel, from, to, versions, await page.PartAsync<ScorecardAnswer>(ConsoleLinks.List($"{path}/scorecard", ("from", from), ("to", to))),
            await page.PartAsync<List<ReconciliationDayListItem>>(ConsoleLinks.List($"{path}/reconciliation", ("from", from), ("to", to)))));
    }

    private static async Task<IResult> ChannelDayAsync(ConsolePage page)
    {
        if (ConsoleEndpoints.NotFor(page, "/v1/channels") is { } refused)
        {
            return refused;
        }

        var (channel, day, query) = (page.Route("channel"), page.Route("day"), page.Query("state", "cursor", "compare"));
        var path = $"/v1/channels/{Uri.EscapeDataString(channel)}/reconciliation";

        // Comparing reads all payments around the day, and writes what it finds: it is done where somebody asks for it.
        var compared = query[2].Value == "true" ? await page.PartAsync<ReconciliationDayAnswer>($"{path}/{Uri.EscapeDataString(day)}") : null;
        return page.Show<ChannelDayPage>(new ChannelDayModel(
            channel, day, query[0].Value ?? "", await page.PartAsync<List<ReconciliationDayListItem>>(ConsoleLinks.List(path, ("from", day), ("to", day))),
            compared,
            await page.PartAsync<Page<ReconciliationItemAnswer>>(
                ConsoleLinks.List($"{path}/{Uri.EscapeDataString(day)}/items", query[0], query[1], ("compare", "false")))));
    }

    private static async Task<IResult> SuspenseAsync(ConsolePage page)
    {
        var query = page.Query("channel", "cursor");
        return ConsoleEndpoints.NotFor(page, "/v1/channels/held") ?? page.Show<SuspensePage>(
            new SuspenseModel(query[0].Value, await page.PartAsync<Page<HeldPayment>>(ConsoleLinks.List("/v1/channels/held", [.. query]))));
    }

    private static async Task<IResult> AgentsAsync(ConsolePage page)
    {
        var query = page.Query("channel", "cursor");
        return ConsoleEndpoints.NotFor(page, "/v1/agents") ?? page.Show<AgentsPage>(
            new AgentsModel(query[0].Value, await page.PartAsync<Page<AgentAnswer>>(ConsoleLinks.List("/v1/agents", [.. query]))));
    }

    private static async Task<IResult> AgentAsync(ConsolePage page)
    {
        var path = $"/v1/agents/{Uri.EscapeDataString(page.Route("id"))}";
        var answer = await page.SendAsync("GET", path);
        return answer.IsGood
            ? page.Show<AgentPage>(new AgentModel(
                answer.Read<AgentAnswer>(), await page.PartAsync<Page<EntryAnswer>>(ConsoleLinks.List($"{path}/entries", [.. page.Query("cursor")]))))
            : ConsoleEndpoints.Refused(page, answer);
    }

    private static async Task<IResult> DebitsAsync(ConsolePage page)
    {
        var channel = page.Route("channel");
        return ConsoleEndpoints.NotFor(page, "/v1/direct-debit/runs/{channel}") ?? page.Show<DebitsPage>(new DebitsModel(
            channel, await CurrencyAsync(page, channel),
            await page.PartAsync<Page<DebitRunAnswer>>(
                ConsoleLinks.List($"/v1/direct-debit/runs/{Uri.EscapeDataString(channel)}", [.. page.Query("cursor")]))));
    }

    private static async Task<IResult> DebitDayAsync(ConsolePage page)
    {
        if (ConsoleEndpoints.NotFor(page, "/v1/direct-debit/runs/{channel}") is { } refused)
        {
            return refused;
        }

        var (channel, day, query) = (page.Route("channel"), page.Route("day"), page.Query("state", "cursor"));
        var path = $"{Uri.EscapeDataString(channel)}/{Uri.EscapeDataString(day)}";
        var run = await page.SendAsync("GET", $"/v1/direct-debit/runs/{path}");
        return !run.IsGood && run.Status != StatusCodes.Status404NotFound
            ? ConsoleEndpoints.Refused(page, run)
            : page.Show<DebitDayPage>(new DebitDayModel(
                channel, await CurrencyAsync(page, channel), day, query[0].Value ?? "", run.IsGood ? run.Read<DebitRunAnswer>() : null,
                await page.PartAsync<Page<DebitItemAnswer>>(ConsoleLinks.List($"/v1/direct-debit/items/{path}", [.. query]))));
    }

    /// <summary>In which a channel is paid; empty where there is no such channel.</summary>
    private static async Task<string> CurrencyAsync(ConsolePage page, string channel) =>
        (await page.PartAsync<List<PaymentChannelDefinition>>("/v1/channels")).Value?.Find(c => c.Id == channel)?.Currency ?? "";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
