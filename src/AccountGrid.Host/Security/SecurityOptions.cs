using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Security;

/// <summary>Who may come in besides keys; section <c>Security</c> of the configuration. Secrets come from the environment or files.</summary>
public sealed class SecurityOptions
{
    /// <summary>Operators by OpenID Connect.</summary>
    public OidcOptions Oidc { get; set; } = new();

    /// <summary>
    /// True: versions of tariffs and policy packs are published and withdrawn by two people, through <c>POST /v1/publications</c> and the console alone; their
    /// own routes refuse.
    /// </summary>
    public bool TwoPeople { get; set; }

    /// <summary>Requests a second of one key, on average; 0 is no limit. A gateway's batch is one request.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerSecond { get; set; } = 2_000;

    /// <summary>Requests of one key that may come at once.</summary>
    [Range(1, 10_000_000)]
    public int RequestsAtOnce { get; set; } = 4_000;

    /// <summary>Requests a second of an address that shows no valid key: whoever guesses keys, guesses slowly.</summary>
    [Range(0, 1_000_000)]
    public int StrangersPerSecond { get; set; } = 20;

    /// <summary>
    /// Addresses or networks (such as <c>10.0.0.0/8</c>) of proxies, separated by commas: what they add to <c>X-Forwarded-For</c> is taken for the caller's
    /// address. Empty is none, and the header counts for nothing.
    /// </summary>
    [ShownSetting]
    public string TrustedProxies { get; set; } = "";

    /// <summary>
    /// Streams of balances that one key, or one operator, may have open on a process; a customer's token may have <see cref="StreamsPerCustomer"/>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int StreamsPerKey { get; set; } = 1_000;

    /// <summary>Streams that one customer may have open on a process.</summary>
    [Range(1, 1_000_000)]
    public int StreamsPerCustomer { get; set; } = 10;

    /// <summary>
    /// Base64 of 32 bytes that customers' numbers and addresses are sealed with; older keys behind it, separated by spaces, are read only. Empty makes one in
    /// the data folder.
    /// </summary>
    public string PersonalDataKey { get; set; } = "";

    /// <summary>A file that holds <see cref="PersonalDataKey"/> instead.</summary>
    [ShownSetting]
    public string PersonalDataKeyFile { get; set; } = "";
}
