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

    /// <summary>Claim with a collector's area.</summary>
    [ShownSetting]
    public string AreaClaim { get; set; } = "area";

    /// <summary>Claim with an account manager's name as it stands at their customers.</summary>
    [ShownSetting]
    public string ManagerClaim { get; set; } = "preferred_username";

    /// <summary>False allows a provider without TLS: for trying out on one machine.</summary>
    public bool RequireHttps { get; set; } = true;
}
