using System.Net;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Webhooks;

/// <summary>
/// To which addresses events may go. What a name stands for is checked when a connection is made, after DNS: <see cref="GuardedHttp"/>.
/// </summary>
internal static class WebhookTarget
{
    public const int LengthMax = 2_048;

    /// <summary>What is wrong with an address; null where it may be used.</summary>
    public static string? Problem(string? text, bool allowPrivate)
    {
        if (text is not { Length: > 0 and <= LengthMax } || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")
            || text.Any(c => c is < '!' or > '~' or '\\'))
        {
            return $"it is not an absolute https address of 1 to {LengthMax} characters of ASCII";
        }

        if (url.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal))
        {
            return "it has a user name or an @; the receiver knows the grid by the signature";
        }

        if (url.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            return "it has a fragment, which is never sent";
        }

        if (url.Scheme == "http" && !(allowPrivate && url.IsLoopback))
        {
            return "it is not https; http is for loopback alone, and only with Events__AllowPrivate";
        }

        return !allowPrivate && (url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && GuardedHttp.IsPrivate(address)))
            ? "it is at a private address; Events__AllowPrivate permits it"
            : null;
    }
}
