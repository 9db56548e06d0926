using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Signing in and out, and the first operator, whom the administrator's key makes.</summary>
internal static class SignInEndpoints
{
    /// <summary>The cookie by which the sign-in form is known as this browser's own, before there is a session.</summary>
    private const string MarkCookie = "accountgrid-form";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", (HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, OperatorStore store) =>
            ShowAsync(http, api, sources, store, isSetup: false)).AllowAnonymous();
        routes.MapGet("/setup", (HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, OperatorStore store) =>
            ShowAsync(http, api, sources, store, isSetup: true)).AllowAnonymous();
        routes.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        routes.MapPost("/setup", SetUpAsync).AllowAnonymous();
        routes.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Permissions.AnyKey);
        routes.MapProviderSignIn();
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, OperatorStore store, bool isSetup) =>
        Form(http, api, sources, new SignInModel(
            isSetup, ConsoleLinks.Back(http.Request.Query["back"]), IsFirst: !await store.AnyAsync(), IsOpen: IsOpen(http))
        {
            IsOut = http.Request.Query["out"] == "1",
        });

    /// <summary>The sign-in, with why a provider's was refused.</summary>
    /// <param name="text">Key of the reason.</param>
    /// <param name="detail">What the reason is about, such as a claim.</param>
    public static IResult Refused(HttpContext http, string text, int status, string? detail = null) => Form(
        http, http.RequestServices.GetRequiredService<ConsoleApi>(), http.RequestServices.GetServices<EndpointDataSource>(),
        new SignInModel(false, ConsoleLinks.Back(null), Error: TextsOf(http)[text] + (detail is null ? "" : $" ({detail})"), IsOpen: IsOpen(http)), status);

    /// <summary>The sign-in, with a form that was sent when its session was over.</summary>
    public static IResult Keeping(HttpContext http, KeptForm kept) => Form(
        http, http.RequestServices.GetRequiredService<ConsoleApi>(), http.RequestServices.GetServices<EndpointDataSource>(),
        new SignInModel(false, kept.Back, IsOpen: IsOpen(http), Kept: kept), StatusCodes.Status401Unauthorized);

    private static async Task<IResult> SignInAsync(
        HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, OperatorStore store, OperatorSessions sessions, AuditTrail trail)
    {
        var form = await ReadAsync(http);
        var (name, password) = (form["name"].ToString().Trim(), form["password"].ToString());
        var model = new SignInModel(false, ConsoleLinks.Back(form["back"]), name, IsOpen: IsOpen(http), Kept: KeptForm.Read(form));
        if (!IsOwn(http, form))
        {
            return Form(http, api, sources, model with { Error = TextsOf(http)["wrong.form"], Kept = null }, 403);
        }

        // Whoever has signed in through the provider in another tab goes on here with the form that was kept.
        if (form["again"] == "yes" && model.Kept is { } again && OperatorSessions.NameOf(http.User) is not null)
        {
            return await ActionEndpoints.AgainAsync(new ConsolePage(http, api, sources), again);
        }

        var address = AddressOf(http);
        if (!await sessions.MayTryAsync(name, address))
        {
            http.Response.Headers.RetryAfter = "900";
            return Form(http, api, sources, model with { Error = TextsOf(http)["sign-in.often"] }, 429);
        }

        if (await store.CheckAsync(name, password) is not { } found || !await BeginAsync(http, found, sessions, trail))
        {
            return Form(http, api, sources, model with { Error = TextsOf(http)["sign-in.wrong"] }, 401);
        }

        return model.Kept is { } kept ? await ActionEndpoints.AgainAsync(new ConsolePage(http, api, sources), kept) : new SeeOther(model.Back);
    }

    /// <summary>
    /// Whoever has an administrator's key can make an operator by the API; this is the same for a browser, and the way in where nobody is left.
    /// </summary>
    private static async Task<IResult> SetUpAsync(
        HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, OperatorStore store, OperatorSessions sessions, AuditTrail trail,
        Callers callers, RateLimits limits)
    {
        var form = await ReadAsync(http);
        var (name, password, key) = (form["name"].ToString().Trim(), form["password"].ToString(), form["key"].ToString().Trim());
        var model = new SignInModel(true, ConsoleLinks.Back(form["back"]), name, IsOpen: IsOpen(http));
        if (!IsOwn(http, form))
        {
            return Form(http, api, sources, model with { Error = TextsOf(http)["wrong.form"] }, 403);
        }

        if (!limits.MayGuess(http))
        {
            http.Response.Headers.RetryAfter = "1";
            return Form(http, api, sources, model with { Error = TextsOf(http)["sign-in.often"] }, 429);
        }

        if (await callers.FindAsync(key) is not { } administrator || administrator.Role() != KeyRole.Administrator)
        {
            limits.CountWrongKey(http);
            return Form(http, api, sources, model with { Error = TextsOf(http)["setup.wrong"] }, 401);
        }

        var made = await api.SendAsync(http, new ConsoleCaller(administrator),
            new ConsoleCall("POST", "/v1/operators", new CreateOperatorRequest(name, "administrator", password)));
        if (!made.IsGood)
        {
            return Form(http, api, sources, model with { Error = made.Problem.Detail }, made.Status);
        }

        await BeginAsync(http, (await store.CheckAsync(name, password))!, sessions, trail);
        return new SeeOther(OperatorSessionHandler.Path);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, OperatorSessions sessions, AuditTrail trail)
    {
        var form = await ReadAsync(http);
        if (ConsoleForms.IsOwn(http.Request, form, http.User.FindFirstValue(OperatorSessions.FormClaim) ?? "")
            && OperatorSessionHandler.TokenOf(http.Request) is { } token)
        {
            await AuditAsync(trail, http.User, http);
            await sessions.EndAsync(token);
            http.Response.Cookies.Delete(OperatorSessionHandler.CookieName(http.Request), OperatorSessionHandler.Cookie(http.Request));
        }

        return new SeeOther($"{OperatorSessionHandler.Path}/sign-in{(OperatorSessions.IsOfProvider(http.User) ? "?out=1" : "")}");
    }

    /// <summary>
    /// A session of its own, whatever cookie the browser came with. The one it came with ends: its browser forgets it, and no sign-out could end it.
    /// </summary>
    /// <returns>False where the operator was disabled meanwhile.</returns>
    internal static async Task<bool> BeginAsync(HttpContext http, OperatorRecord person, OperatorSessions sessions, AuditTrail trail)
    {
        var token = await sessions.BeginAsync(person.Name, AddressOf(http));
        if (await sessions.FindAsync(token) is not { } signedIn)
        {
            return false;
        }

        http.User = signedIn;
        await AuditAsync(trail, http.User, http);
        if (OperatorSessionHandler.TokenOf(http.Request) is { } before)
        {
            await sessions.EndAsync(before);
        }

        http.Response.Cookies.Append(OperatorSessionHandler.CookieName(http.Request), token, OperatorSessionHandler.Cookie(http.Request));
        return true;
    }

    private static Task AuditAsync(AuditTrail trail, ClaimsPrincipal person, HttpContext http) =>
        trail.AddAsync("", person, http.Request.Method, http.Request.Path, trail.HashOf([]), System.Diagnostics.Activity.Current?.Id ?? http.TraceIdentifier);

    /// <summary>
    /// The form with a mark of this browser's own, which keeps the same in a cookie that no other site can read or, by https, set. Forms in two tabs have one.
    /// </summary>
    private static IResult Form(HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources, SignInModel model, int status = 200)
    {
        var mark = http.Request.Cookies[MarkName(http.Request)] is { Length: 64 } own && own.All(char.IsAsciiHexDigitLower)
            ? own
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        http.Response.Cookies.Append(MarkName(http.Request), mark, OperatorSessionHandler.Cookie(http.Request));
        return new ConsolePage(http, api, sources) { FormToken = mark }.Show<SignInPage>(model with { HasProvider = ProviderSignIn.IsOn(http) }, status);
    }

    private static bool IsOwn(HttpContext http, IFormCollection form) =>
        ConsoleForms.IsOwn(http.Request, form, http.Request.Cookies[MarkName(http.Request)] ?? "");

    private static string MarkName(HttpRequest request) => request.IsHttps ? $"__Host-{MarkCookie}" : MarkCookie;

    private static async Task<IFormCollection> ReadAsync(HttpContext http) =>
        http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;

    private static ConsoleTexts TextsOf(HttpContext http) => ConsoleTexts.Of(http.Request.Headers.AcceptLanguage.ToString());

    /// <summary>A password that is typed here can be read on the way.</summary>
    private static bool IsOpen(HttpContext http) => !http.Request.IsHttps && http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address);

    /// <summary>Of an IPv6 address the network: one household has billions of addresses.</summary>
    private static string AddressOf(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address)
        {
            return "";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes()[..8])
            : address.ToString();
    }
}
