using System.Security.Claims;
using AccountGrid.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.Http;

/// <summary>Names of the authorization policies: who may do what. The whole table, role by endpoint, is a golden file of the tests.</summary>
internal static class Permissions
{
    /// <summary>Readings, and relay commands of the gateway's own meters.</summary>
    public const string Push = "push";

    /// <summary>One account, meter or bill, or the tariffs.</summary>
    public const string Query = "query";

    /// <summary>Lists over all customers.</summary>
    public const string QueryAll = "query-all";

    /// <summary>Webhooks of one's own.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>Lists that a collector or manager sees their part of.</summary>
    public const string QueryOwn = "query-own";

    /// <summary>Money in, announcements and providers' reports.</summary>
    public const string Pay = "pay";

    /// <summary>What payment channels ask and pay.</summary>
    public const string Channel = "channel";

    /// <summary>The books of a whole payment channel.</summary>
    public const string Settle = "settle";

    /// <summary>Contacts, promises and cases of arrears.</summary>
    public const string Collect = "collect";

    /// <summary>Complaints: whoever speaks with a customer, and the customer.</summary>
    public const string Complain = "complain";

    /// <summary>Plans, holds, waivers, adjustments: what is agreed with a customer.</summary>
    public const string Manage = "manage";

    /// <summary>What operators look at: parked messages, held cuts, what was quarantined, who did what.</summary>
    public const string Inspect = "inspect";

    public const string Administer = "administer";

    public const string AnyKey = "any-key";

    public const string GatewayClaim = "gateway";
    public const string ScopeClaim = "scope";
    public const string EndsClaim = "ends";
    public const string CallerClaim = "caller";

    private static readonly Dictionary<string, KeyRole[]> Roles = new()
    {
        [Push] = [KeyRole.Gateway],
        [Query] = [KeyRole.Client, KeyRole.Collector, KeyRole.AccountManager, KeyRole.Auditor, KeyRole.Customer],
        [QueryAll] = [KeyRole.Client, KeyRole.Auditor],
        [Subscribe] = [KeyRole.Client],
        [QueryOwn] = [KeyRole.Client, KeyRole.Auditor, KeyRole.Collector, KeyRole.AccountManager],
        [Pay] = [KeyRole.Client],
        [Channel] = [KeyRole.Channel, KeyRole.Agent],
        [Settle] = [KeyRole.Channel],
        [Collect] = [KeyRole.Collector, KeyRole.AccountManager],
        [Complain] = [KeyRole.Client, KeyRole.Collector, KeyRole.AccountManager, KeyRole.Customer],
        [Manage] = [KeyRole.AccountManager],
        [Inspect] = [KeyRole.Auditor],
        [Administer] = [],
    };

    public static void Add(AuthorizationOptions options)
    {
        foreach (var policy in Roles.Keys)
        {
            options.AddPolicy(policy, p => p.RequireAuthenticatedUser().AddRequirements(new AccessRequirement(policy)));
        }

        options.AddPolicy(AnyKey, p => p.RequireAuthenticatedUser());

        // What has no endpoint answers 404, 405 or 415 to whoever has a key. Each endpoint names its own policy; a test holds it to that.
        options.FallbackPolicy = options.GetPolicy(AnyKey);
    }

    /// <summary>Whether a policy lets a role in; whose account it may be, is another question. An administrator may everything.</summary>
    public static bool Allows(string policy, KeyRole role) => role == KeyRole.Administrator || Roles[policy].Contains(role);

    /// <summary>Number of the gateway that the caller's key stands for; 0 for an administrator.</summary>
    public static int GatewayNumber(this ClaimsPrincipal user) => int.TryParse(user.FindFirstValue(GatewayClaim), out var number) ? number : 0;

    /// <summary>Whose idempotency keys a request's are: an API key with all that it was rotated to, or an operator's subject.</summary>
    public static string Caller(this ClaimsPrincipal user) => user.FindFirstValue(CallerClaim) ?? user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>
    /// Who a decision is recorded under: the public id of the key, or subject and provider of an operator, and never a name that somebody chose. Two people are
    /// two of these, and one person of a provider is one, whatever the name.
    /// </summary>
    public static string Person(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>What the key or the operator is called: for people to read, and nothing is decided by it.</summary>
    public static string DisplayName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name) ?? "";

    public static KeyRole? Role(this ClaimsPrincipal user) => Enum.TryParse<KeyRole>(user.FindFirstValue(ClaimTypes.Role), out var role) ? role : null;

    /// <summary>A collector's area, an account manager's name, a customer's account.</summary>
    public static string? Scope(this ClaimsPrincipal user) => user.FindFirstValue(ScopeClaim);

    /// <summary>Whether the caller works with customers' numbers and addresses; others see them masked.</summary>
    public static bool SeesContacts(this ClaimsPrincipal user) =>
        user.Role() is KeyRole.Administrator or KeyRole.Collector or KeyRole.AccountManager or KeyRole.Customer;
}
