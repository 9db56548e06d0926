using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Notices;

/// <summary>An e-mail server.</summary>
public sealed class SmtpOptions
{
    /// <summary>Server; empty is no e-mail.</summary>
    [ShownSetting]
    public string Host { get; set; } = "";

    /// <summary>Port of the server.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>Address that the messages come from.</summary>
    [ShownSetting]
    public string From { get; set; } = "";

    /// <summary>Name to sign in with; empty signs in nobody.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    [AllowedValues("starttls", "tls", "none", ErrorMessage = "It must be starttls, tls or none.")]
    [ShownSetting]
    public string Security { get; set; } = "starttls";

    /// <summary>Longest wait for the server, seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;
}
