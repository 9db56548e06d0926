using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// The role mqtt: readings and relay commands by a broker; section <c>Mqtt</c> of the configuration, see docs/mqtt.md. Secrets come from the environment or
/// files.
/// </summary>
public sealed class MqttOptions
{
    /// <summary>The broker's name or address; empty is no role mqtt.</summary>
    [ShownSetting]
    public string Server { get; set; } = "";

    /// <summary>The broker's port; 0 is 8883 with TLS, else 1883.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Profiles, <c>Mqtt__Profiles__0</c> and on: names of shipped ones, or JSON files. None is <c>accountgrid</c> alone.</summary>
    [ShownSetting]
    public IReadOnlyList<string> Profiles { get; set; } = [];

    /// <summary>IANA zone of local times in messages, such as Asia/Shanghai, for profiles that name none.</summary>
    [ShownSetting]
    public string Zone { get; set; } = "";

    /// <summary>
    /// Begin of the client ids. Empty is one of the grid, which one process at a time uses while the others stand by; processes with ids of their own share the
    /// messages.
    /// </summary>
    [ShownSetting]
    public string ClientId { get; set; } = "";

    /// <summary>Name to sign in with; empty signs in nobody.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary>A file that holds <see cref="Password"/> instead.</summary>
    [ShownSetting]
    public string PasswordFile { get; set; } = "";

    /// <summary>Whether the connection is TLS; its certificate must be of <see cref="Server"/>.</summary>
    public bool Tls { get; set; }

    /// <summary>The authority that issued the broker's certificate, a PEM file; empty is whom the machine trusts.</summary>
    [ShownSetting]
    public string Authority { get; set; } = "";

    /// <summary>The certificate to sign in with, a PEM file; empty is none. Needs <see cref="CertificateKey"/>.</summary>
    [ShownSetting]
    public string Certificate { get; set; } = "";

    /// <summary>The private key of <see cref="Certificate"/>, a PEM file.</summary>
    [ShownSetting]
    public string CertificateKey { get; set; } = "";

    /// <summary>Messages that the broker may send before the first of them is acknowledged.</summary>
    [Range(1, 65_535)]
    public int InFlightMax { get; set; } = 200;

    /// <summary>Bytes of a message; a larger one is refused. Give the broker the same limit, so that its sender is told.</summary>
    [Range(1_024, 8 << 20)]
    public int MessageBytesMax { get; set; } = 1 << 20;

    /// <summary>How long the broker keeps messages for a process that is away, seconds.</summary>
    [Range(60, int.MaxValue)]
    public int SessionExpirySeconds { get; set; } = 7 * 24 * 3600;

    /// <summary>How often an idle connection is tested, seconds.</summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; set; } = 15;

    /// <summary>Longest wait before the next try to connect, seconds; the first is 1 s, and each is twice the one before.</summary>
    [Range(1, 3_600)]
    public int ReconnectMaxSeconds { get; set; } = 30;

    /// <summary>How soon readings whose meter was unknown, or another gateway's, or whose time was ahead, are tried again, seconds.</summary>
    [Range(1, 86_400)]
    public int RetrySeconds { get; set; } = 3_600;

    /// <summary>A gateway gets relay commands for so long after its last message, seconds.</summary>
    [Range(1, 86_400)]
    public int GatewayHeardSeconds { get; set; } = 1_800;

    /// <summary>Id as Sparkplug's primary host, which edge nodes wait for; empty is none.</summary>
    [ShownSetting]
    public string SparkplugHost { get; set; } = "accountgrid";

    /// <summary>What is wrong with the settings together; null where nothing is.</summary>
    internal string? Problem()
    {
        var level = ClientId + SparkplugHost;
        return Server.Length == 0 ? null
            : Certificate.Length > 0 != CertificateKey.Length > 0 ? "Mqtt__Certificate and Mqtt__CertificateKey need each other: paths of PEM files, or none."
            : !Tls && (Certificate.Length > 0 || Authority.Length > 0) ? "Mqtt__Certificate and Mqtt__Authority need Mqtt__Tls=true."
            : Password.Length > 0 && PasswordFile.Length > 0 ? "Mqtt__Password and Mqtt__PasswordFile: give one of the two."
            : level.AsSpan().ContainsAny("/+#") ? "Mqtt__ClientId and Mqtt__SparkplugHost take no /, + or #."
            : null;
    }
}
