using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.CustomerPages;

/// <summary>What goes wrong behind a customer's page is a page, too, and says nothing of the link.</summary>
internal static class CustomerPageErrors
{
    public static bool IsOfPage(HttpContext http) => http.Request.Path.StartsWithSegments(PageLinks.Path);

    public static async Task ShowAsync(HttpContext http)
    {
        var error = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        var status = Problems.StatusOf(http, error);
        if (status == 503)
        {
            http.RequestServices.GetRequiredService<NotNowLog>().Say(http.Request, error);
        }

        await Message(http, status is 400 or 413 ? "my.too-long" : "my.later", status).ExecuteAsync(http);
    }

    /// <summary>Middleware around what may refuse: too many requests.</summary>
    public static async Task ShowTooManyAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status429TooManyRequests, HasStarted: false, ContentType: null } && IsOfPage(http))
        {
            await Message(http, "my.often", StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
        }
    }

    /// <summary>A page of one sentence.</summary>
    /// <param name="language">The customer's; null is not known.</param>
    public static RazorComponentResult<CustomerMessage> Message(HttpContext http, string text, int status, string? language = null)
    {
        http.Response.Headers.ContentSecurityPolicy = CustomerStyle.ContentSecurityPolicy;
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "5";
        }

        var view = CustomerView.Of(http.RequestServices.GetRequiredService<NoticeOptions>(), Asked(http), language, http.Request);
        return new(new Dictionary<string, object?> { ["View"] = view, ["Text"] = text }) { StatusCode = status };
    }

    /// <summary>The language that the address asks for; null is none.</summary>
    public static string? Asked(HttpContext http) => http.Request.Query["lang"].ToString() is ("en" or "zh-CN") and var language ? language : null;
}
