using AccountGrid.Host.Database;

namespace AccountGrid.Host.Security;

/// <summary>Operators by OpenID Connect: any provider with a discovery document.</summary>
public sealed class OidcOptions
{
    /// <summary>Address of the provider; empty is none, and operators have keys.</summary>
    [ShownSetting]
    public string Authority { get; set; } = "";

    /// <summary>What a token must be made for.</summary>
    [ShownSetting]
    public string Audience { get; set; } = "accountgrid";

    /// <summary>
    /// Claim with the roles: <c>administrator</c>, <c>auditor</c>, <c>collector</c> or <c>account-manager</c>. The first that is known counts.
    /// </summary>
    [ShownSetting]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>
    /// Claim with the subject, under which decisions are recorded. It must be the same for one person in tokens for the API and at the console's sign-in: where
    /// the provider gives each client another <c>sub</c>, name a claim that is one and never given to another person, such as <c>oid</c>.
    /// </summary>
    [ShownSetting]
    public string SubjectClaim { get; set; } = "sub";

    /// <summary>Claim with a collector's area.</summary>
    [ShownSetting]
    public string AreaClaim { get; set; } = "area";

    /// <summary>Claim with an account manager's name as it stands at their customers.</summary>
    [ShownSetting]
    public string ManagerClaim { get; set; } = "preferred_username";

    /// <summary>
    /// The console's name at the provider, for signing in with a browser; empty is none. With the name of <see cref="Audience"/>, an ID token of the console
    /// would be a token for the API as well.
    /// </summary>
    [ShownSetting]
    public string ClientId { get; set; } = "";

    /// <summary>The console's password at the provider; empty is none: the code is bound by PKCE alone.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>A file that holds <see cref="ClientSecret"/> instead.</summary>
    [ShownSetting]
    public string ClientSecretFile { get; set; } = "";

    /// <summary>What the console asks the provider for, separated by spaces. The ID token must have the claim with the roles.</summary>
    [ShownSetting]
    public string Scopes { get; set; } = "openid profile";

    /// <summary>False allows a provider without TLS: for trying out on one machine.</summary>
    public bool RequireHttps { get; set; } = true;

    /// <summary>Whether operators can sign in at the console through the provider.</summary>
    internal bool IsForBrowsers => Authority.Length > 0 && ClientId.Length > 0;

    /// <summary>What is wrong; null is nothing.</summary>
    internal string? Problem() =>
        ClientId.Length > 0 && Authority.Length == 0 ? "Security__Oidc__ClientId: it needs Security__Oidc__Authority, the address of the provider."
        : ClientSecret.Length > 0 && ClientSecretFile.Length > 0 ? "Security__Oidc__ClientSecretFile: Security__Oidc__ClientSecret is set as well; set one."
        : ClientSecretFile.Length > 0 && !File.Exists(ClientSecretFile) ? $"Security__Oidc__ClientSecretFile: there is no file {ClientSecretFile}."
        : ClientId.Length > 0 && !Scopes.Split(' ').Contains("openid") ? $"Security__Oidc__Scopes: '{Scopes}' has no openid, such as 'openid profile'."
        : null;

    /// <summary>The console's password at the provider; null is none.</summary>
    internal string? ReadSecret() =>
        ClientSecretFile.Length > 0 ? File.ReadAllText(ClientSecretFile).Trim() : ClientSecret.Length > 0 ? ClientSecret : null;
}
