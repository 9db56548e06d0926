using System.Security.Claims;

namespace AccountGrid.Host.Security;

/// <summary>
/// Marks a request that a page of the console makes of the API inside this process. No request from outside can have it: features are this process's own.
/// </summary>
internal sealed class ConsoleCaller(ClaimsPrincipal person)
{
    public ClaimsPrincipal Person { get; } = person;

    /// <summary>What was decided of the person's accounts for this page: one page is one moment, and asks once.</summary>
    public Dictionary<(string Sql, string Id), Task<bool>> Owned { get; init; } = [];
}
