using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>One request of an operator's browser: who it is, how they want to read, and the API in their name.</summary>
public sealed class ConsolePage
{
    private readonly HttpContext _http;
    private readonly ConsoleApi _api;
    private readonly IEnumerable<EndpointDataSource> _sources;
    private readonly ConsoleCaller _caller;

    internal ConsolePage(HttpContext http, ConsoleApi api, IEnumerable<EndpointDataSource> sources)
    {
        (_http, _api, _sources, _caller) = (http, api, sources, new ConsoleCaller(http.User));
        T = ConsoleTexts.Of(http.User.FindFirstValue(OperatorSessions.LanguageClaim) is { Length: > 0 } chosen
            ? chosen
            : http.Request.Headers.AcceptLanguage.ToString());
        FormToken = http.User.FindFirstValue(OperatorSessions.FormClaim) ?? "";
    }

    public ClaimsPrincipal User => _http.User;

    public bool IsSignedIn => OperatorSessions.NameOf(User) is not null;

    public KeyRole Role => User.Role() ?? KeyRole.Customer;

    /// <summary>What the operator has chosen; before that what the browser asks for.</summary>
    public ConsoleTexts T { get; }

    public string Theme => User.FindFirstValue(OperatorSessions.ThemeClaim) ?? "";

    /// <summary>What the page's forms carry; the sign-in form has one of its own.</summary>
    public string FormToken { get; init; }

    /// <summary>Address of this page with its filters, to come back to.</summary>
    public string Here => $"{_http.Request.Path}{_http.Request.QueryString}";

    /// <summary>Why all cuts are stopped; null while they are not.</summary>
    public string? CutsStopped => User.FindFirstValue(OperatorSessions.CutsClaim);

    /// <summary>Name of what was just done, as the redirect's address says it.</summary>
    public string? Done => ConsoleActions.Find(_http.Request.Query["done"].ToString())?.Name;

    /// <summary>Name of what was just asked for and waits for a second person.</summary>
    public string? Asked => ConsoleActions.Find(_http.Request.Query["asked"].ToString())?.Name;

    /// <summary>A parameter of the route, unescaped.</summary>
    internal string Route(string name) => _http.GetRouteValue(name)?.ToString() ?? "";

    /// <summary>Parameters of the query; null for those that are absent or empty.</summary>
    internal (string Name, string? Value)[] Query(params string[] names) =>
        [.. names.Select(n => (n, _http.Request.Query[n].ToString() is { Length: > 0 } value ? value : null))];

    /// <summary>The answer is a bill: a page with styles of its own.</summary>
    internal void AsBill() => _http.Response.Headers.ContentSecurityPolicy = AnswerHeaders.Bill;

    internal Task SetViewAsync(string language, string theme) =>
        _http.RequestServices.GetRequiredService<OperatorStore>().SetViewAsync(OperatorSessions.NameOf(User)!, language, theme);

    /// <summary>The grid's time.</summary>
    internal DateTimeOffset Now => Service<TimeProvider>().GetUtcNow();

    internal TService Service<TService>()
        where TService : notnull => _http.RequestServices.GetRequiredService<TService>();

    /// <summary>Says in the trail that something was taken out of the grid, before it is.</summary>
    /// <param name="account">Whose trail; empty is the grid's.</param>
    internal Task AuditAsync(string account, string what)
    {
        var trail = Service<AuditTrail>();
        var asked = System.Text.Encoding.UTF8.GetBytes(_http.Request.QueryString.Value ?? "");
        return trail.AddAsync(account, User, _http.Request.Method, what, trail.HashOf(asked), System.Diagnostics.Activity.Current?.Id ?? _http.TraceIdentifier);
    }

    public bool Can(string method, string pattern) => _api.Allows(_sources, Role, method, pattern);

    public bool Can(ConsoleAction action) => Can(action.Method, action.Pattern);

    internal Task<ConsoleAnswer> SendAsync(string method, string path, object? body = null, string? key = null, string? accept = null) =>
        _api.SendAsync(_http, _caller, new ConsoleCall(method, path, body, key, accept));

    /// <summary>What the API answers to a question; the default where it refuses. A page shows what its operator may see.</summary>
    internal async Task<T?> GetAsync<T>(string path) => await SendAsync("GET", path) is { IsGood: true } answer ? answer.Read<T>() : default;

    /// <summary>What the API answers to a question, for a part of a page.</summary>
    internal async Task<ConsolePart<T>> PartAsync<T>(string path)
        where T : class
    {
        var answer = await SendAsync("GET", path);
        return answer.IsGood ? new(true, answer.Read<T>(), null) : new(answer.Status != StatusCodes.Status403Forbidden, null, answer.Problem.Detail);
    }

    /// <summary>A component with this page, its model and further parameters.</summary>
    internal RazorComponentResult<TComponent> Show<TComponent>(object? model = null, int status = 200, params IEnumerable<(string Name, object? Value)> more)
        where TComponent : Microsoft.AspNetCore.Components.IComponent
    {
        var parameters = more.ToDictionary(m => m.Name, m => m.Value);
        parameters["Page"] = this;
        if (model is not null)
        {
            parameters["Model"] = model;
        }

        return new RazorComponentResult<TComponent>(parameters) { StatusCode = status };
    }
}
