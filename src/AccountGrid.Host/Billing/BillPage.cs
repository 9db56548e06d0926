using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AccountGrid.Host.Billing;

/// <summary>A bill as a page that prints on one sheet. No scripts, nothing from elsewhere; every text is encoded.</summary>
internal static class BillPage
{
    public static string Of(JsonElement json, BillParty party)
    {
        var bill = json.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        var t = BillTexts.Of(party.Language);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="{party.Language}"><head><meta charset="utf-8"><title>{E(bill.Due is null ? t.Statement : t.Bill)} {E(bill.Id)}</title><style>
            {Style}
            </style></head><body>
            <header><div><h1>{E(bill.Due is null ? t.Statement : t.Bill)}</h1>{E(party.Supplier)}</div><div class="pay">{Round(bill, bill.ToPay)} {E(bill.Currency)}</div></header>
            <dl><dt>{E(t.Supplier)}</dt><dd>{E(party.Supplier)}</dd><dt>{E(t.Questions)}</dt><dd>{E(party.Phone)}</dd>
            <dt>{E(t.Customer)}</dt><dd>{E(bill.Account)}</dd><dt>{E(t.Number)}</dt><dd>{E(bill.Id)}</dd><dt>{E(t.Period)}</dt><dd>{E(bill.From)} – {E(bill.To)}</dd>
            <dt>{E(t.PayBy)}</dt><dd>{E(bill.Due ?? t.NothingToPay)}</dd><dt>{E(t.Energy)}</dt><dd>{Kwh(bill.EnergyWh)} kWh</dd></dl>
            """);
        AppendMeters(page, bill, t);
        AppendLines(page, bill, t);
        page.Append(CultureInfo.InvariantCulture, $"""
            <dl><dt>{E(t.Debits)}</dt><dd>{Round(bill, bill.Debits)}</dd><dt>{E(t.Paid)}</dt><dd>{Round(bill, bill.Payments)}</dd><dt>{E(t.Arrears)}</dt><dd>{Round(bill, bill.Arrears)}</dd>
            <dt>{E(t.Fees)}</dt><dd>{Round(bill, bill.LateFees)}</dd><dt>{E(t.Balance)}</dt><dd>{Round(bill, bill.Balance)}</dd></dl>
            """);
        if (bill.Due is not null && party.WaysToPay.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<h2>{E(t.HowToPay)}</h2><p>{E(party.WaysToPay)} {E(string.Format(CultureInfo.InvariantCulture, t.Reference, bill.Account))}</p>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<footer>{E(t.Closed)} {bill.ClosedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · {E(bill.Policy)}</footer></body></html>");
        return page.ToString();
    }

    private static void AppendMeters(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.Meters is not { Count: > 0 } meters)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<h2>{E(t.Meters)}</h2><table><thead><tr><th>{E(t.Meter)}</th><th class=\"n\">{E(t.From)}</th><th class=\"n\">{E(t.To)}</th><th "
                + $"class=\"n\">{E(t.Used)} kWh</th></tr></thead><tbody>");
        foreach (var meter in meters)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{E(meter.Meter)}</td><td class=\"n\">{At(meter.FromAt)}<br>{Kwh(meter.FromWh)}</td><td "
                    + $"class=\"n\">{At(meter.ToAt)}<br>{Kwh(meter.ToWh)}</td><td class=\"n\">{Kwh(meter.EnergyWh)}</td></tr>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</tbody></table><p class=\"note\">{E(t.MetersNote)}</p>");
    }

    private static void AppendLines(StringBuilder page, BillDocument bill, BillTexts t)
    {
        page.Append(CultureInfo.InvariantCulture,
            $"<table><thead><tr><th>{E(t.Charge)}</th><th class=\"n\">kWh</th><th class=\"n\">{E(t.Price)}</th><th "
                + $"class=\"n\">{E(t.Amount)}</th></tr></thead><tbody>");
        foreach (var line in bill.Lines)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{E(t.NameOf(line))}</td><td class=\"n\">{(line.EnergyWh is { } wh ? Kwh(wh) : "")}</td><td "
                    + $"class=\"n\">{E(line.PricePerKwh ?? "")}</td><td class=\"n\">{Precise(line.Amount)}</td></tr>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<tr class=\"total\"><td>{E(t.Total)}</td><td></td><td></td><td class=\"n\">{Round(bill, bill.Total)}</td></tr></tbody></table>");
    }

    private const string Style = """
        body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        h1{font-size:1.5rem;margin:0}h2{font-size:1rem;margin:1.25rem 0 0}header{display:flex;justify-content:space-between;border-bottom:2px solid #1b1f24;padding-bottom:.75rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0}dt{color:#57606a}dd{margin:0}
        table{width:100%;border-collapse:collapse;margin:1rem 0}th,td{padding:.35rem .5rem;border-bottom:1px solid #d0d7de;text-align:left}
        .n{text-align:right;font-variant-numeric:tabular-nums}.total td{font-weight:600;border-top:2px solid #1b1f24;border-bottom:0}
        .note{color:#57606a;font-size:.85rem;margin:0}.pay{font-size:1.25rem;font-weight:600}footer{color:#57606a;font-size:.85rem;margin-top:2rem}
        @media print{body{margin:0;max-width:none}}
        """;

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string At(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Kwh(long wh) => (wh / 1000m).ToString("#,0.000", CultureInfo.InvariantCulture);

    /// <summary>In the currency's own digits (ISO 4217).</summary>
    private static string Round(BillDocument bill, string money) =>
        decimal.Parse(money, CultureInfo.InvariantCulture).ToString($"N{Domain.Currencies.DigitsOf(bill.Currency) ?? 2}", CultureInfo.InvariantCulture);

    private static string Precise(string money) => decimal.Parse(money, CultureInfo.InvariantCulture).ToString("#,0.00####", CultureInfo.InvariantCulture);
}
