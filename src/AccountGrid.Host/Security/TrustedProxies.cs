using System.Net;
using AccountGrid.Host.Database;
using Microsoft.AspNetCore.HttpOverrides;

namespace AccountGrid.Host.Security;

/// <summary>Whose word on a caller's address, and on whether it came by https, counts.</summary>
internal static class TrustedProxies
{
    private static readonly char[] Separators = [',', ' '];

    /// <summary>
    /// What the setting says; null where it names nobody. Addresses in the header are read from the last to the first, as long as a trusted proxy has added
    /// them: the first one that is not a proxy's is the caller's. Throws <see cref="StartException"/> for what is neither an address nor a network.
    /// </summary>
    public static ForwardedHeadersOptions? Read(string setting)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var word in setting.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(word, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(word, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new StartException($"Security__TrustedProxies: '{word}' is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/8.");
            }
        }

        return options.KnownProxies.Count + options.KnownIPNetworks.Count == 0 ? null : options;
    }
}
