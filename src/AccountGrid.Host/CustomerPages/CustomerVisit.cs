using System.Security.Claims;
using AccountGrid.Host.Notices;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.CustomerPages;

/// <summary>One request under a link that is in force: the API as the account's customer.</summary>
/// <param name="EndsAt">When the link ends.</param>
internal sealed record CustomerVisit(HttpContext Http, ConsoleApi Api, ClaimsPrincipal Person, PageLinkTarget Target, DateTimeOffset EndsAt)
{
    private readonly ConsoleCaller _caller = new(Person);

    /// <param name="path">Behind the account's own, such as <c>/balance</c>.</param>
    public Task<ConsoleAnswer> SendAsync(string method, string path, object? body = null, string? key = null) =>
        Api.SendAsync(Http, _caller, new ConsoleCall(method, $"/v1/accounts/{Uri.EscapeDataString(Target.Id)}{path}", body, key));

    /// <summary>What the API answers to a question; the default where it refuses.</summary>
    public async Task<T?> GetAsync<T>(string path) => await SendAsync("GET", path) is { IsGood: true } answer ? answer.Read<T>() : default;
}
