using System.Security.Claims;
using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// The console's only way to the grid: the API, asked inside this process. Its requests go through everything that a caller's do, so that rights, checks,
/// second persons, idempotency and the audit trail are those of the API.
/// </summary>
internal sealed class ConsoleApi(IServiceScopeFactory scopes, IOptions<HttpJson> json)
{
    private RequestDelegate _pipeline = _ => throw new InvalidOperationException("The process is not mapped yet.");
    private Dictionary<(string Method, string Pattern), string>? _policies;

    /// <summary>Middleware that is called at the very beginning of what requests of the API go through.</summary>
    public RequestDelegate Begin(RequestDelegate next) => _pipeline = next;

    /// <summary>Asks in the name of a page's operator.</summary>
    /// <param name="page">The page's request: its address and its end are the inner request's too.</param>
    public async Task<ConsoleAnswer> SendAsync(HttpContext page, ConsoleCaller caller, ConsoleCall call)
    {
        var (method, path, body, key, accept) = call;
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = new ClaimsPrincipal(), TraceIdentifier = page.TraceIdentifier };
        http.Features.Set(caller);
        http.Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = page.RequestAborted });
        http.Connection.RemoteIpAddress = page.Connection.RemoteIpAddress;
        var (request, mark) = (http.Request, path.IndexOf('?', StringComparison.Ordinal));
        (request.Method, request.Scheme, request.Host) = (method, page.Request.Scheme, page.Request.Host);
        request.Path = PathString.FromUriComponent(mark < 0 ? path : path[..mark]);
        request.QueryString = new QueryString(mark < 0 ? null : path[mark..]);
        if (body is not null)
        {
            var (bytes, type) = body is ConsoleFile file
                ? (file.Bytes, file.Type)
                : (JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), json.Value.SerializerOptions), "application/json");
            (request.Body, request.ContentLength, request.ContentType) = (new MemoryStream(bytes), bytes.Length, type);
            http.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        }

        if (key is not null)
        {
            request.Headers["Idempotency-Key"] = key;
        }

        request.Headers.Accept = accept;

        var answer = new MemoryStream();
        http.Response.Body = answer;
        await _pipeline(http);
        await http.Response.CompleteAsync();
        return new ConsoleAnswer(http.Response.StatusCode, http.Response.ContentType ?? "", answer.ToArray(), json.Value.SerializerOptions);
    }

    /// <summary>Whether the API lets a role do something at all; whose account it may be, is another question. One table for the API and its buttons.</summary>
    /// <param name="pattern">The route as the API names it, such as <c>/v1/accounts/{id}/holds</c>.</param>
    public bool Allows(IEnumerable<EndpointDataSource> sources, KeyRole role, string method, string pattern)
    {
        _policies ??= PoliciesOf(sources);
        return Permissions.Allows(
            _policies.TryGetValue((method, pattern), out var policy)
                ? policy
                : throw new InvalidOperationException($"The API has no route {method} {pattern}."),
            role);
    }

    private static Dictionary<(string Method, string Pattern), string> PoliciesOf(IEnumerable<EndpointDataSource> sources)
    {
        var found = new Dictionary<(string Method, string Pattern), string>();
        foreach (var endpoint in sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods && endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } policy)
            {
                foreach (var method in methods.HttpMethods)
                {
                    var pattern = endpoint.RoutePattern.RawText!;
                    found.TryAdd((method, pattern.Length > 1 ? pattern.TrimEnd('/') : pattern), policy);
                }
            }
        }

        return found;
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
