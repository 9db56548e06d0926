using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Diagnostics;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What goes wrong behind a page is a page, too: the database may be away before it is known who asks.</summary>
internal static class ConsoleErrors
{
    public static bool IsOfConsole(HttpContext http) => http.Request.Path.StartsWithSegments(OperatorSessionHandler.Path);

    /// <summary>Middleware around what may refuse: too many requests are said in a page, as everything else is.</summary>
    public static async Task ShowTooManyAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status429TooManyRequests, HasStarted: false, ContentType: null } && IsOfConsole(http))
        {
            var page = new ConsolePage(http, http.RequestServices.GetRequiredService<ConsoleApi>(), http.RequestServices.GetServices<EndpointDataSource>());
            await page.Show<ErrorPage>(new ErrorModel(429), 429).ExecuteAsync(http);
        }
    }

    public static async Task ShowAsync(HttpContext http)
    {
        var error = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        var status = Problems.StatusOf(http, error);
        if (status == 503)
        {
            http.RequestServices.GetRequiredService<NotNowLog>().Say(http.Request, error);
            http.Response.Headers.RetryAfter = "1";
        }

        var page = new ConsolePage(http, http.RequestServices.GetRequiredService<ConsoleApi>(), http.RequestServices.GetServices<EndpointDataSource>());
        await page.Show<ErrorPage>(new ErrorModel(status), status).ExecuteAsync(http);
    }
}
