using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Notices;

/// <summary>How customers are told; section <c>Notices</c> of the configuration. Secrets come from the environment or files, not from here in a repository.</summary>
public sealed class NoticeOptions
{
    /// <summary>Who signs the messages. Needed by every channel that reaches people; for the file a word of each language stands in.</summary>
    public string Company { get; set; } = "";

    /// <summary>Whom to call. Needed as the company is.</summary>
    public string Phone { get; set; } = "";

    /// <summary>How to pay, by language; a sentence.</summary>
    public Dictionary<string, string> HowToPay { get; set; } = new() { ["en"] = "You can pay in the app, at a bank or at any counter.", ["zh-CN"] = "您可通过手机应用、银行或营业厅缴费。" };

    /// <summary>Language where a customer has none on record, <c>zh-CN</c> or <c>en</c>. Needed as the company is; for the file it is English.</summary>
    public string Language { get; set; } = "";

    /// <summary>Names of currencies in texts, by language and ISO 4217 code; what has none is named by its code, which is never wrong.</summary>
    public Dictionary<string, Dictionary<string, string>> CurrencyNames { get; set; } = new()
    {
        ["zh-CN"] = new()
        {
            ["CNY"] = "元", ["HKD"] = "港元", ["MOP"] = "澳门元", ["TWD"] = "新台币", ["JPY"] = "日元", ["KRW"] = "韩元", ["USD"] = "美元", ["EUR"] = "欧元", ["GBP"] = "英镑", ["CHF"] = "瑞士法郎", ["SGD"] = "新加坡元",
            ["MYR"] = "马来西亚林吉特", ["THB"] = "泰铢", ["VND"] = "越南盾", ["IDR"] = "印尼盾", ["PHP"] = "菲律宾比索", ["INR"] = "印度卢比", ["AUD"] = "澳大利亚元", ["CAD"] = "加拿大元", ["KWD"] = "科威特第纳尔",
        },
    };

    /// <summary>Folder of templates; null is the shipped ones.</summary>
    public string? Texts { get; set; }

    /// <summary>A line in the notices' file counts as proof that the customer has read it: for trying out, and never where supply can really be cut.</summary>
    public bool FileProves { get; set; }

    /// <summary>The company's own endpoint.</summary>
    public WebhookOptions Webhook { get; set; } = new();

    /// <summary>E-mail.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Text messages.</summary>
    public SmsOptions Sms { get; set; } = new();

    /// <summary>What is missing for messages that people get; null is nothing.</summary>
    public string? Problem()
    {
        string[] channels = [.. new[] { (Webhook.Url, "webhook"), (Smtp.Host, "email"), (Sms.Url, "sms") }.Where(c => c.Item1.Length > 0).Select(c => c.Item2)];
        string[] missing = [.. new[] { (Company, "Notices__Company"), (Phone, "Notices__Phone"), (Language, "Notices__Language") }.Where(f => string.IsNullOrWhiteSpace(f.Item1)).Select(f => f.Item2)];
        return channels.Length == 0 || missing.Length == 0
            ? null
            : $"{string.Join(", ", missing)}: empty. Messages reach people by {string.Join(" and ", channels)} and must say who writes, whom to call, and speak a language: set for example Notices__Company='City Power', Notices__Phone='95598', Notices__Language='en'.";
    }
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
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;
}

/// <summary>An e-mail server.</summary>
public sealed class SmtpOptions
{
    /// <summary>Server; empty is no e-mail.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port of the server.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>Address that the messages come from.</summary>
    public string From { get; set; } = "";

    /// <summary>Name to sign in with; empty signs in nobody.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; set; } = "";

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    [AllowedValues("starttls", "tls", "none", ErrorMessage = "It must be starttls, tls or none.")]
    public string Security { get; set; } = "starttls";

    /// <summary>Longest wait for the server, seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;
}

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
