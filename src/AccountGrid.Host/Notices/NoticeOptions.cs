namespace AccountGrid.Host.Notices;

/// <summary>How customers are told; section <c>Notices</c> of the configuration. Secrets come from the environment or files, not from here in a repository.</summary>
public sealed class NoticeOptions
{
    /// <summary>Who signs the messages.</summary>
    public string Company { get; set; } = "Your electricity supplier";

    /// <summary>Whom to call.</summary>
    public string Phone { get; set; } = "the number on your bill";

    /// <summary>How to pay, by language; a sentence.</summary>
    public Dictionary<string, string> HowToPay { get; set; } = new() { ["en"] = "You can pay in the app, at a bank or at any counter.", ["zh-CN"] = "您可通过手机应用、银行或营业厅缴费。" };

    /// <summary>Language where a customer has none on record.</summary>
    public string Language { get; set; } = "zh-CN";

    /// <summary>Folder of templates; null is the shipped ones.</summary>
    public string? Texts { get; set; }

    /// <summary>A line in the notices' file counts as proof that the customer has read it: for trying out, and never where supply can really be cut.</summary>
    public bool FileProves { get; set; }

    public WebhookOptions Webhook { get; set; } = new();

    public SmtpOptions Smtp { get; set; } = new();

    public SmsOptions Sms { get; set; } = new();
}

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
    public int TimeoutSeconds { get; set; } = 15;
}

public sealed class SmtpOptions
{
    /// <summary>Server; empty is no e-mail.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public string From { get; set; } = "";

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public string Security { get; set; } = "starttls";

    public int TimeoutSeconds { get; set; } = 30;
}

/// <summary>An SMS gateway behind one vendor-neutral shape, described in <c>SmsChannel</c>.</summary>
public sealed class SmsOptions
{
    /// <summary>Where to; empty is no SMS.</summary>
    public string Url { get; set; } = "";

    /// <summary>Bearer token.</summary>
    public string Token { get; set; } = "";

    public bool AllowPrivate { get; set; }

    public int TimeoutSeconds { get; set; } = 15;
}
