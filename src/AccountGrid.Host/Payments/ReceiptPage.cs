using System.Globalization;
using System.Net;
using System.Text;
using AccountGrid.Domain;

namespace AccountGrid.Host.Payments;

/// <summary>A receipt as a page that prints on one sheet, in Chinese and English. No scripts, nothing from elsewhere; every text is encoded.</summary>
internal static class ReceiptPage
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["debt"] = "历史欠费 Earlier debt",
        ["lateFee"] = "违约金 Late fees",
        ["energy"] = "电费 Energy",
        ["suspense"] = "待核实 Being checked",
        ["cash"] = "现金 Cash",
        ["bank"] = "银行转账 Bank transfer",
        ["card"] = "银行卡 Card",
        ["wallet"] = "电子钱包 Wallet",
        ["debit"] = "代扣 Direct debit",
        ["token"] = "购电码 Token",
    };

    public static string Of(Receipt receipt)
    {
        var a = receipt.Answer;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>缴费凭证 Receipt {E(a.ReceiptNumber)}</title><style>
            body{"{"}font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#111{"}"}
            h1{"{"}font-size:1.4rem{"}"}dt{"{"}color:#555{"}"}dd{"{"}margin:0 0 .6rem;font-size:1.1rem{"}"}.reversed{"{"}font-weight:bold;color:#a00{"}"}
            </style></head><body><main><h1>缴费凭证 Receipt</h1>
            """);
        if (a.Status == "reversed")
        {
            page.Append("<p class=\"reversed\">本笔缴费已撤销。 This payment was taken back.</p>");
        }

        Row(page, "凭证号 Receipt number", a.ReceiptNumber);
        Row(page, "户号 Account", a.Account);
        Row(page, "金额 Amount", Show(a.Amount, a.Currency));
        foreach (var part in a.Allocated)
        {
            Row(page, Names.GetValueOrDefault(part.To, part.To), Show(part.Amount, a.Currency));
        }

        if (a.BalanceAfter is { } balance)
        {
            Row(page, "缴费后余额 Balance after it", Show(balance, a.Currency));
        }

        Row(page, "方式 Paid by", $"{Names.GetValueOrDefault(receipt.Tender, receipt.Tender)} · {receipt.Channel}");
        Row(page, "时间 Time", receipt.PaidAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        page.Append("</main></body></html>");
        return page.ToString();
    }

    private static void Row(StringBuilder page, string name, string value) =>
        page.Append(CultureInfo.InvariantCulture, $"<dl><dt>{E(name)}</dt><dd>{E(value)}</dd></dl>");

    private static string Show(string amount, string currency) => Money.TryParse(amount, out var money) ? ChannelTexts.Show(money, currency) : amount;

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
