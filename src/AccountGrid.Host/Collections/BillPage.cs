using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AccountGrid.Host.Collections;

/// <summary>A bill as a page that prints on one sheet. No scripts, nothing from elsewhere; every text is encoded.</summary>
internal static class BillPage
{
    public static string Of(JsonElement json)
    {
        var bill = json.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bill {E(bill.Id)}</title><style>
            {Style}
            </style></head><body>
            <header><div><h1>{(bill.Due is null ? "Statement" : "Bill")} 电费账单</h1>{E(bill.Id)}</div><div class="pay">{Round(bill.ToPay)} {E(bill.Currency)}</div></header>
            <dl><dt>Account 户号</dt><dd>{E(bill.Account)}</dd><dt>Period 账期</dt><dd>{E(bill.From)} – {E(bill.To)}</dd>
            <dt>To be paid by 缴费截止</dt><dd>{E(bill.Due ?? "nothing to pay")}</dd><dt>Energy 用电量</dt><dd>{Kwh(bill.EnergyWh)} kWh</dd></dl>
            <table><thead><tr><th>Charge 项目</th><th class="n">kWh</th><th class="n">Price 单价</th><th class="n">Amount 金额</th></tr></thead><tbody>
            """);
        foreach (var line in bill.Lines)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(line.Name)}</td><td class=\"n\">{(line.EnergyWh is { } wh ? Kwh(wh) : "")}</td><td class=\"n\">{E(line.PricePerKwh ?? "")}</td><td class=\"n\">{Precise(line.Amount)}</td></tr>");
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            <tr class="total"><td>Total of this period 本期合计</td><td></td><td></td><td class="n">{Round(bill.Total)}</td></tr></tbody></table>
            <dl><dt>Paid since the last bill 已缴</dt><dd>{Round(bill.Payments)}</dd><dt>Open of earlier bills 往期欠费</dt><dd>{Round(bill.Arrears)}</dd>
            <dt>Late fees so far 违约金</dt><dd>{Round(bill.LateFees)}</dd><dt>Balance 账户余额</dt><dd>{Round(bill.Balance)}</dd></dl>
            <footer>Closed {bill.ClosedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · {E(bill.Policy)}</footer></body></html>
            """);
        return page.ToString();
    }

    private const string Style = """
        body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        h1{font-size:1.5rem;margin:0}header{display:flex;justify-content:space-between;border-bottom:2px solid #1b1f24;padding-bottom:.75rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0}dt{color:#57606a}dd{margin:0}
        table{width:100%;border-collapse:collapse;margin:1rem 0}th,td{padding:.35rem .5rem;border-bottom:1px solid #d0d7de;text-align:left}
        .n{text-align:right;font-variant-numeric:tabular-nums}.total td{font-weight:600;border-top:2px solid #1b1f24;border-bottom:0}
        .pay{font-size:1.25rem;font-weight:600}footer{color:#57606a;font-size:.85rem;margin-top:2rem}
        @media print{body{margin:0;max-width:none}}
        """;

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string Kwh(long wh) => (wh / 1000m).ToString("#,0.000", CultureInfo.InvariantCulture);

    private static string Round(string money) => decimal.Parse(money, CultureInfo.InvariantCulture).ToString("#,0.00", CultureInfo.InvariantCulture);

    private static string Precise(string money) => decimal.Parse(money, CultureInfo.InvariantCulture).ToString("#,0.00####", CultureInfo.InvariantCulture);
}
