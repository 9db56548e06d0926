using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Notices;

/// <summary>An SMS gateway behind one vendor-neutral shape, described in <c>SmsChannel</c>.</summary>
public sealed class SmsOptions
{
    /// <summary>Where to; empty is no SMS.</summary>
    public string Url { get; set; } = "";

    /// <summary>Bearer token.</summary>
    public string Token { get; set; } = "";

    /// <summary>Allows addresses of private networks and loopback.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>Longest wait for an answer, seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;
}
