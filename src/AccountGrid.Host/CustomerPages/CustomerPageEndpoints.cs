using System.Globalization;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.CustomerPages;

/// <summary>
/// The page of a customer who has a link. The link stands for one account; the page asks the API as that account's customer, so that it can see nothing and do
/// nothing that a customer's token could not.
/// </summary>
internal static class CustomerPageEndpoints
{
    /// <summary>What a complaint can be about.</summary>
    public static readonly IReadOnlyList<string> Topics = ["bill", "cut", "reading", "staff", "channel", "other"];

    private const string SchemeName = "PageLink";

    /// <summary>Largest form, bytes: a text of 2,000 characters, each of up to 12 bytes as forms write them.</summary>
    private const int FormBytesMax = 32 << 10;

    private const int TextMax = 2_000;

    /// <summary>Bills and complaints that are shown.</summary>
    private const int RowsMax = 12;

    public static void MapCustomerPages(this IEndpointRouteBuilder routes)
    {
        // The signed link is the permission. Its path is in no row of the audit trail: a use is recorded by the name of the link.
        var g = routes.MapGroup(PageLinks.Path).AllowAnonymous().ExcludeFromDescription().WithMetadata(new NotAudited());
        g.MapGet("/{token}", ShowAsync);
        g.MapGet("/{token}/bills/{bill}", BillAsync);
        g.MapPost("/{token}", FileAsync).DisableAntiforgery();
        g.MapFallback("/{**rest}", (HttpContext http) => CustomerPageErrors.Message(http, "my.unknown", 404));
    }

    /// <summary>
    /// Middleware behind authentication: who has a link that this grid made and that has not expired is a caller of its own, and shares no limit with
    /// strangers.
    /// </summary>
    public static Task IdentifyAsync(HttpContext http, RequestDelegate next)
    {
        if (CustomerPageErrors.IsOfPage(http))
        {
            var links = http.RequestServices.GetRequiredService<PageLinks>();
            var shown = string.Concat(http.Request.Path.Value!.Skip(PageLinks.Path.Length + 1)).Split('/')[0];
            http.User = new ClaimsPrincipal(
                links.IsOn && links.Read(shown) is { } token && links.EndOf(token) > http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()
                    ? IdentityOf($"link {links.NameOf(token)}", null)
                    : new ClaimsIdentity());
        }

        return next(http);
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext http, PageLinks links, PageLinkStore store)
    {
        var (visit, refused) = await OpenAsync(token, http, links, store);
        return visit is null ? refused! : await PageAsync(visit, m => m with { IsFiled = http.Request.Query["filed"] == "1" }, 200);
    }

    /// <summary>One of the bills that the page lists. After a change of the customer none: what it sums up can be of the one before.</summary>
    private static async Task<IResult> BillAsync(
        string token, string bill, HttpContext http, PageLinks links, PageLinkStore store, NoticeOptions notices, BillOptions options)
    {
        var (visit, refused) = await OpenAsync(token, http, links, store);
        if (visit is null)
        {
            return refused!;
        }

        if (await visit.GetAsync<List<BillAnswer>>("/bills") is not { } bills)
        {
            return CustomerPageErrors.Message(http, "my.later", 503, visit.Target.Language);
        }

        var found = visit.Target.Since is null ? bills.Take(RowsMax).FirstOrDefault(b => CustomerBill.NameOf(b) == bill) : null;
        if (found?.Document is not { } document)
        {
            return CustomerPageErrors.Message(http, found is null ? "my.bill.unknown" : "my.bill.later", 404, visit.Target.Language);
        }

        var view = CustomerView.Of(notices, CustomerPageErrors.Asked(http), visit.Target.Language, http.Request);
        http.Response.Headers.ContentSecurityPolicy = AnswerHeaders.Bill;
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        return TypedResults.Content(BillPage.Of(CustomerBill.Of(document), BillParty.Of(notices, options, view.T.Language, null)), "text/html; charset=utf-8");
    }

    private static async Task<IResult> FileAsync(string token, HttpContext http, PageLinks links, PageLinkStore store)
    {
        var (visit, refused) = await OpenAsync(token, http, links, store);
        if (visit is null)
        {
            return refused!;
        }

        // Whoever has the link can send the form; another site has not, and a browser that says so is believed.
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > FormBytesMax
            || http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
        {
            return CustomerPageErrors.Message(http, "my.too-long", 422, visit.Target.Language);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (topic, text) = (form["topic"].ToString(), form["text"].ToString().ReplaceLineEndings("\n").Trim());
        var wrong = !Topics.Contains(topic) ? "my.wrong.topic" : text.Length is 0 or > TextMax ? "my.wrong.text" : await SendAsync(visit, topic, text);
        return wrong is null
            ? new SeeOther($"?filed=1{(CustomerPageErrors.Asked(http) is { } language ? $"&lang={language}" : "")}")
            : await PageAsync(visit, m => m with { Entered = (topic, text), Wrong = wrong }, 422);
    }

    /// <summary>
    /// Files a complaint. Of one topic this customer can have one open at a time: sent twice it is one, and another text is refused until it is resolved, so
    /// that who holds a link cannot fill the work lists. The key is made of the customer's last one, so that of links that are used at once one is first.
    /// </summary>
    /// <returns>Key of the text that says why it was refused; null where it was filed.</returns>
    private static async Task<string?> SendAsync(CustomerVisit visit, string topic, string text)
    {
        if (await visit.GetAsync<List<ComplaintAnswer>>("/complaints?limit=500") is not { } all)
        {
            return "my.wrong.later";
        }

        var since = visit.Target.Since;
        var own = all.Where(c => c.Topic == topic && c.Source == "customer" && (since is null || c.FiledAt >= since)).ToList();
        if (own.Find(c => c.State == "open") is { } open)
        {
            return open.Text == text ? null : "my.wrong.open";
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"page-{topic}-{since?.ToUnixTimeMilliseconds() ?? 0}-{own.MaxBy(c => c.FiledAt)?.Id}");
        var answer = await visit.SendAsync("POST", "/complaints", new ComplaintRequest(topic, text), key);
        return answer.IsGood ? null
            : answer.Problem.Code == RequestRefusals.IdempotencyKeyReused.Text ? "my.wrong.open"
            : answer.Problem.Code == RequestRefusals.TextInvalid.Text ? "my.wrong.text"
            : answer.IsUnknown ? "my.wrong.later" : "my.wrong.call";
    }

    /// <summary>What a link opens, with its use in the trail; or the page that says why nothing.</summary>
    private static async Task<(CustomerVisit? Visit, IResult? Refused)> OpenAsync(string text, HttpContext http, PageLinks links, PageLinkStore store)
    {
        var services = http.RequestServices;
        if (!links.IsOn || links.Read(text) is not { } token)
        {
            return (null, CustomerPageErrors.Message(http, "my.unknown", 404));
        }

        // Before the database is asked, and by generation: whoever has a link that was ended costs nothing, and takes nothing from those that are in force.
        // One that has expired is limited with strangers.
        var isExpired = links.EndOf(token) <= services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!isExpired && !services.GetRequiredService<CustomerPageLimits>().MayShow(token.Account, token.Generation))
        {
            return (null, CustomerPageErrors.Message(http, "my.often", 429));
        }

        if (await store.FindAsync(token.Account) is not { } target || token.Generation != target.Generation)
        {
            return (null, CustomerPageErrors.Message(http, "my.unknown", 404));
        }

        if (isExpired)
        {
            return (null, CustomerPageErrors.Message(http, "my.expired", 410, target.Language));
        }

        var name = links.NameOf(token);
        var person = new ClaimsPrincipal(IdentityOf($"customer {target.Id} by {(token.IsOfStaff ? "staff's link" : "link")} {name}", target.Id));
        if (!await store.IsUsedAsync(target, name))
        {
            var trail = services.GetRequiredService<AuditTrail>();
            await trail.AddAsync(target.Id, person, http.Request.Method, PageLinks.Path, trail.HashOf([]),
                System.Diagnostics.Activity.Current?.Id ?? http.TraceIdentifier);
            await store.UseAsync(target, name);
        }

        return (new(http, services.GetRequiredService<ConsoleApi>(), person, target, links.EndOf(token)), null);
    }

    private static async Task<IResult> PageAsync(CustomerVisit visit, Func<CustomerPageModel, CustomerPageModel> with, int status)
    {
        if (await visit.GetAsync<AccountAnswer>("") is not { } account || await visit.GetAsync<BalanceAnswer>("/balance") is not { } balance)
        {
            return CustomerPageErrors.Message(visit.Http, "my.later", 503, visit.Target.Language);
        }

        var changed = visit.Target.Since;
        var from = CustomerSeen.From(changed, LocalCalendar.Find(account.Zone)!);
        var model = new CustomerPageModel(
            account, balance, await visit.GetAsync<CustomerAnswer>("/customer"),
            Seen((await visit.GetAsync<ConsumptionAnswer>("/consumption?by=day"))?.Data, r => r.From, from),
            Seen((await visit.GetAsync<ConsumptionAnswer>("/consumption?by=period"))?.Data, r => r.From, from),
            [.. Seen(await visit.GetAsync<List<BillAnswer>>("/bills"), b => b.From, from).Take(RowsMax)],
            [.. (await visit.GetAsync<List<ComplaintAnswer>>("/complaints?limit=50") ?? []).Where(c => changed is null || c.FiledAt >= changed).Take(RowsMax)],
            visit.EndsAt)
        {
            HadOther = changed is not null,
            Path = visit.Http.Request.Path,
            Asked = CustomerPageErrors.Asked(visit.Http),
        };
        visit.Http.Response.Headers.ContentSecurityPolicy = CustomerStyle.ContentSecurityPolicy;
        visit.Http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        var view = CustomerView.Of(
            visit.Http.RequestServices.GetRequiredService<NoticeOptions>(), CustomerPageErrors.Asked(visit.Http), visit.Target.Language, visit.Http.Request);
        return new RazorComponentResult<CustomerPage>(new Dictionary<string, object?> { ["View"] = view, ["Model"] = with(model) }) { StatusCode = status };
    }

    private static List<T> Seen<T>(IEnumerable<T>? rows, Func<T, string> day, DateOnly? from) =>
        [.. (rows ?? []).Where(r => CustomerSeen.IsSeen(day(r), from))];

    private static ClaimsIdentity IdentityOf(string person, string? account)
    {
        var identity = ApiKeyHandler.Identity(SchemeName, KeyRole.Customer, person, person, 0, account);
        if (account is not null)
        {
            // Whichever link of an account a form is sent from, its idempotency keys are the same customer's.
            identity.AddClaim(new(Permissions.CallerClaim, $"page of {account}"));
        }

        return identity;
    }
}
