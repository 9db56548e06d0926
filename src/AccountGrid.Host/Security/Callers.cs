using System.Runtime.CompilerServices;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>Who stands behind a key or a customer's token, whichever way it came: the API and the port for Orleans clients ask here.</summary>
internal sealed class Callers(ApiKeys keys, CustomerTokens tokens)
{
    /// <summary>What a remembered key's caller is, while the key is remembered: it is the same at each request, and only read.</summary>
    private static readonly ConditionalWeakTable<ApiKeyRecord, ClaimsPrincipal> Known = [];

    /// <summary>Whether the key behind what is shown was asked for before: only others cost a look into the database.</summary>
    public bool Remembers(string shown) => keys.Remembers(IdOf(shown));

    /// <summary>Whether the key behind what is shown is one that somebody was given, in force or not.</summary>
    public Task<bool> ExistsAsync(string shown) => keys.ExistsAsync(IdOf(shown));

    private static string IdOf(string shown) => CustomerTokens.KeyOf(shown) ?? shown.Split('_').ElementAtOrDefault(1) ?? "";

    /// <summary>Null where it is neither a key in force nor a valid token.</summary>
    public async Task<ClaimsPrincipal?> FindAsync(string shown)
    {
        if (CustomerTokens.KeyOf(shown) is not null)
        {
            return await tokens.ReadAsync(shown) is { } identity ? new ClaimsPrincipal(identity) : null;
        }

        return await keys.CheckAsync(shown) is { } key
            ? Known.GetValue(key.Record, _ => CallerOf(key.Id, key.Record))
            : null;
    }

    private static ClaimsPrincipal CallerOf(string id, ApiKeyRecord record)
    {
        var identity = ApiKeyHandler.Identity(ApiKeyHandler.SchemeName, record.Role, record.Name, $"key {id}", record.Gateway, record.Scope);
        identity.AddClaim(new Claim(Permissions.CallerClaim, record.RotatedFrom ?? id));
        return new ClaimsPrincipal(identity);
    }
}
