using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Notices;

/// <summary>One endpoint of the company's own that takes every message and event: Standard Webhooks.</summary>
public sealed class WebhookOptions
{
    /// <summary>Where to; empty is no webhook.</summary>
    public string Url { get; set; } = "";

    /// <summary><c>whsec_</c> and base64 of 24 to 64 bytes; several, separated by a space, while they are rotated.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Allows addresses of private networks and loopback.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>Longest wait for an answer, seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;
}
