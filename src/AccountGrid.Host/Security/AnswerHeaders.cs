namespace AccountGrid.Host.Security;

/// <summary>
/// What every answer tells a browser: not to run, frame, guess at or keep it. The pages that the grid has of its own, the API's description, a bill and a
/// survey, say what they need themselves.
/// </summary>
internal static class AnswerHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>A bill: its own styles, and nothing else.</summary>
    public const string Bill = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>The API's description: its script comes from this address, and writes styles and a first call of itself into the page.</summary>
    private const string Docs =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src "
            + "'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>The console: its own styles, script, forms and live balances. Its address goes with its own forms, which are checked by it.</summary>
    private const string Console =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
            + "base-uri 'none'";

    /// <summary>The first middleware: the headers are added when the answer begins, whatever becomes of the request.</summary>
    public static Task AddAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state => AddAsync((HttpContext)state), http);
        return next(http);
    }

    private static Task AddAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        var isConsole = http.Request.Path.StartsWithSegments(OperatorSessionHandler.Path);
        headers["Referrer-Policy"] = isConsole ? "same-origin" : "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs")
                ? Docs
                : isConsole
                ? Console
                : http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
                ? Bill
                : Nothing;
        }

        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
