using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Notices;

/// <summary>
/// How customers are told; section <c>Notices</c> of the configuration. Secrets come from the environment or files, not from here in a repository.
/// </summary>
public sealed class NoticeOptions
{
    internal const int CustomerPageDaysMax = 366;

    /// <summary>Who signs the messages. Needed by every channel that reaches people; for the file a word of each language stands in.</summary>
    [ShownSetting]
    public string Company { get; set; } = "";

    /// <summary>Whom to call. Needed as the company is.</summary>
    [ShownSetting]
    public string Phone { get; set; } = "";

    /// <summary>How to pay, by language; a sentence.</summary>
    [ShownSetting]
    public Dictionary<string, string> HowToPay { get; set; } =
        new() { ["en"] = "You can pay in the app, at a bank or at any counter.", ["zh-CN"] = "您可通过手机应用、银行或营业厅缴费。" };

    /// <summary>Language where a customer has none on record, <c>zh-CN</c> or <c>en</c>. Needed as the company is; for the file it is English.</summary>
    [ShownSetting]
    public string Language { get; set; } = "";

    /// <summary>Names of currencies in texts, by language and ISO 4217 code; what has none is named by its code, which is never wrong.</summary>
    [ShownSetting]
    public Dictionary<string, Dictionary<string, string>> CurrencyNames { get; set; } = new()
    {
        ["zh-CN"] = new()
        {
            ["CNY"] = "元",
            ["HKD"] = "港元",
            ["MOP"] = "澳门元",
            ["TWD"] = "新台币",
            ["JPY"] = "日元",
            ["KRW"] = "韩元",
            ["USD"] = "美元",
            ["EUR"] = "欧元",
            ["GBP"] = "英镑",
            ["CHF"] = "瑞士法郎",
            ["SGD"] = "新加坡元",
            ["MYR"] = "马来西亚林吉特",
            ["THB"] = "泰铢",
            ["VND"] = "越南盾",
            ["IDR"] = "印尼盾",
            ["PHP"] = "菲律宾比索",
            ["INR"] = "印度卢比",
            ["AUD"] = "澳大利亚元",
            ["CAD"] = "加拿大元",
            ["KWD"] = "科威特第纳尔",
        },
    };

    /// <summary>Address under which customers reach the pages of surveys, such as https://power.example; empty asks nobody.</summary>
    [ShownSetting]
    public string SurveyUrl { get; set; } = "";

    /// <summary>
    /// Address under which customers reach their own page without a login, such as https://power.example; notices then have a link of it. Empty is no such
    /// pages. A proxy there passes <c>/my/</c> on, and keeps no paths of it in its log.
    /// </summary>
    [ShownSetting]
    public string CustomerPageUrl { get; set; } = "";

    /// <summary>How long a link of a customer's page opens it, days.</summary>
    [Range(1, CustomerPageDaysMax)]
    public int CustomerPageDays { get; set; } = 30;

    /// <summary>Folder of templates; null is the shipped ones.</summary>
    [ShownSetting]
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
        bool IsAddress(string text, out Uri? address) =>
            Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "https" or "http" && address is { Query: "", Fragment: "", UserInfo: "" };
        if (SurveyUrl.Length > 0 && !IsAddress(SurveyUrl, out _))
        {
            return $"Notices__SurveyUrl: '{SurveyUrl}' is not an address such as https://power.example.";
        }

        if (CustomerPageUrl.Length > 0 && !(IsAddress(CustomerPageUrl, out var pages) && (pages!.Scheme == "https" || pages.IsLoopback)))
        {
            return $"Notices__CustomerPageUrl: '{CustomerPageUrl}' is not an address such as https://power.example: whoever reads a link on its way can open "
                + "the page.";
        }

        string[] channels = [.. new[] { (Webhook.Url, "webhook"), (Smtp.Host, "email"), (Sms.Url, "sms") }.Where(c => c.Item1.Length > 0).Select(c => c.Item2)];
        string[] missing = [
            .. new[] { (Company, "Notices__Company"), (Phone, "Notices__Phone"), (Language, "Notices__Language") }.Where(
                f => string.IsNullOrWhiteSpace(f.Item1))
                .Select(f => f.Item2)];
        return channels.Length == 0 || missing.Length == 0
            ? null
            : $"{string.Join(", ", missing)}: empty. Messages reach people by {string.Join(" and ", channels)} and must say who writes, whom to call, and "
                + "speak a language: set for example Notices__Company='City Power', Notices__Phone='95598', Notices__Language='en'.";
    }
}
