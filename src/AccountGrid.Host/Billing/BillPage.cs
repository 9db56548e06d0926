using System.Globalization;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain;

namespace AccountGrid.Host.Billing;

/// <summary>A bill as a page that prints. No scripts, nothing from elsewhere; every text is cleaned and encoded.</summary>
internal static class BillPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        h1{font-size:1.5rem;margin:0}h2{font-size:1rem;margin:1.25rem 0 0}
        header{display:flex;justify-content:space-between;border-bottom:2px solid #1b1f24;padding-bottom:.75rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0}dt{color:#57606a}dd{margin:0}
        table{width:100%;border-collapse:collapse;margin:1rem 0}th,td{padding:.35rem .5rem;border-bottom:1px solid #d0d7de;text-align:left}
        .n{text-align:right;font-variant-numeric:tabular-nums}.total td{font-weight:600;border-top:2px solid #1b1f24;border-bottom:0}
        .note{color:#57606a;font-size:.85rem;margin:0}.pay{font-size:1.25rem;font-weight:600}footer{color:#57606a;font-size:.85rem;margin-top:2rem}
        .chart{width:100%;height:auto;font-size:11px}.how{display:flex;gap:1rem;align-items:center}.est{font-weight:600}
        @media print{body{margin:0;max-width:none}table,figure,.how{break-inside:avoid}}
        """;

    private static readonly (int From, string Key)[] Ages = [(int.MinValue, "age.0"), (1, "age.1"), (31, "age.31"), (61, "age.61"), (91, "age.91")];

    public static string Of(JsonElement json, BillParty party)
    {
        var bill = json.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        var t = BillTexts.Of(party.Language);
        var title = E(t[bill.IsFinal ? "final" : bill.Total.StartsWith('-') ? "credit" : bill.Due is null ? "statement" : "bill"]);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="{party.Language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>{title} {E(bill.Id)}</title><style>
            {Style}
            </style></head><body>
            <header><div><h1>{title}</h1>{E(party.Supplier)}</div><div class="pay">{E(t["toPay"])} {Round(bill, bill.ToPay)} {E(bill.Currency)}</div></header>
            <main>
            """);
        AppendHead(page, bill, party, t);
        AppendMeters(page, bill, t);
        AppendTwoPart(page, bill, t);
        AppendLines(page, bill, t);
        AppendCorrections(page, bill, t);
        AppendCredits(page, bill, t);
        AppendOwed(page, bill, t);
        page.Append("<dl>");
        foreach (var (key, amount) in new[] { ("debits", bill.Debits), ("credits", bill.Payments), ("arrears", bill.Arrears), ("fees", bill.LateFees),
            ("balance", bill.Balance) })
        {
            Row(page, t[key], Round(bill, amount));
        }

        page.Append("</dl>");
        AppendLedger(page, bill, t);
        AppendUse(page, bill, t);
        AppendHowToPay(page, bill, party, t);
        page.Append(CultureInfo.InvariantCulture, $"</main><footer>{E(t["closed"])} {At(bill.ClosedAt)} · {E(bill.Policy)}</footer></body></html>");
        return page.ToString();
    }

    private static void AppendHead(StringBuilder page, BillDocument bill, BillParty party, BillTexts t)
    {
        var seller = party.Options?.Seller;
        var name = seller is { Name.Length: > 0 } ? seller.Name : party.Supplier;
        var supplier = string.Join(", ", new[] { name, seller?.Street ?? "", $"{seller?.PostalCode} {seller?.City}".Trim() }.Where(p => p.Length > 0));
        page.Append("<dl>");
        foreach (var (key, value) in new[]
        {
            ("supplier", supplier), ("vat", seller?.VatId ?? ""),
            ("questions", string.Join(" · ", new[] { party.Phone, seller?.Email ?? "" }.Where(p => p.Length > 0))),
            ("customer", party.Customer ?? ""), ("account", bill.Account), ("number", bill.Id), ("issued", bill.Issued ?? ""),
            ("period", $"{bill.From} – {bill.To}"), ("payBy", bill.Due ?? t[IsOwed(bill) ? "atOnce" : "nothingToPay"]), ("energy", $"{Kwh(bill.EnergyWh)} kWh"),
        })
        {
            if (value.Length > 0)
            {
                Row(page, t[key], value);
            }
        }

        page.Append("</dl>");
    }

    /// <summary>Whether something is to be paid: also arrears beside a bill that is a credit.</summary>
    private static bool IsOwed(BillDocument bill) => BillMoney.Parse(bill.ToPay) > WideMoney.Zero;

    private static void AppendMeters(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.Meters is not { Count: > 0 } meters)
        {
            return;
        }

        var anyEstimated = meters.Any(m => m.EstimatedWh > 0 || m.FromQuality == "estimated" || m.ToQuality == "estimated");
        Table(page, t["meters"], [(t["meter"], false), (t["from"], true), (t["to"], true), (t["multiplier"], true), ($"{t["used"]} kWh", true),
            .. anyEstimated ? new[] { ($"{t["estimated"]} kWh", true) } : []]);
        foreach (var m in meters)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{E(NameOf(m))}</td><td class=\"n\">{Register(m.FromAt, m.FromWh, m.FromQuality, t)}</td><td class=\"n\">"
                    + $"{Register(m.ToAt, m.ToWh, m.ToQuality, t)}</td><td class=\"n\">{E(m.Multiplier)}</td><td class=\"n\">{Kwh(m.EnergyWh)}</td>");
            page.Append(anyEstimated ? $"<td class=\"n est\">{Kwh(m.EstimatedWh)}</td></tr>" : "</tr>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</tbody></table><p class=\"note\">{E(t["metersNote"])}{(anyEstimated ? E(t["estimatedNote"]) : "")}</p>");
    }

    private static void AppendTwoPart(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.TwoPart is not { Count: > 0 } months)
        {
            return;
        }

        Table(page, t["two-part"], [(t["two-part.month"], false), (t["two-part.contracted"], true), (t["two-part.maximum"], true), (t["two-part.energy"], true),
            (t["two-part.factor"], true)]);
        foreach (var m in months)
        {
            var maximum = m is { MaximumKw: { } kw, MaximumAt: { } at } ? $"{At(at)}<br>{E(kw)} kW" : "";
            var energy = m.ActiveWh == 0 && m.ReactiveVarh == 0 ? "" : $"{Kwh(m.ActiveWh)} / {Kwh(m.ReactiveVarh)}";
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{E(m.Month[..7])}</td><td class=\"n\">{E(m.Contracted ?? "")}</td><td class=\"n\">{maximum}</td><td class=\"n\">{energy}</td>"
                    + $"<td class=\"n\">{E(m.PowerFactor ?? "")}{(m.Percent is { } percent ? $"<br>{E(percent)} %" : "")}"
                    + $"{(m.PowerFactor is null ? "" : $"<br><span class=\"note\">{E(t["two-part.days"])} {m.PairedDays}</span>")}</td></tr>");
        }

        page.Append("</tbody></table>");
    }

    /// <summary>A rate register has its code beside its meter.</summary>
    private static string NameOf(BillMeter meter) => meter.Register == "1.8.0" ? meter.Meter : $"{meter.Meter} {meter.Register}";

    private static string Register(DateTimeOffset at, long wh, string quality, BillTexts t) =>
        $"{At(at)}<br>{Kwh(wh)}<br><span class=\"{(quality == "measured" ? "note" : "est")}\">{E(t.Of("quality", quality))}</span>";

    private static void AppendLines(StringBuilder page, BillDocument bill, BillTexts t)
    {
        Table(page, null, [(t["charge"], false), ("kWh", true), (t["price"], true), ($"{t["amount"]} {bill.Currency}", true)]);
        foreach (var line in bill.Lines)
        {
            Cells(page, E(t.NameOf(line)), line.EnergyWh is { } wh ? Kwh(wh) : "", E(line.PricePerKwh ?? ""), Precise(line.Amount));
        }

        foreach (var tax in bill.IncludedTaxes ?? [])
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{E(string.Format(CultureInfo.InvariantCulture, t["included"], tax.Name))}</td><td></td><td></td><td "
                    + $"class=\"n\">({Precise(tax.Amount)})</td></tr>");
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<tr class=\"total\"><td>{E(t["total"])}</td><td></td><td></td><td class=\"n\">{Round(bill, bill.Total)}</td></tr></tbody></table>");
    }

    private static void AppendCorrections(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.Corrections is not { Count: > 0 } corrections)
        {
            return;
        }

        Table(page, t["corrections"], [(t["day"], false), (t["cause"], true), (t["amount"], true), (t["withTax"], true)]);
        foreach (var c in corrections)
        {
            var cause = t.Of("cause", c.Cause) + (c.Reason is null ? "" : $": {c.Reason}");
            Cells(page, E(c.Day), E(cause), Precise(c.Amount), Precise((BillMoney.Parse(c.Amount) + BillMoney.Parse(c.Tax)).ToString()));
        }

        page.Append("</tbody></table>");
    }

    private static void AppendCredits(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.Credits is not { Count: > 0 } credits)
        {
            return;
        }

        Table(page, t["credits"], [(t["day"], false), (t["kind"], true), (t["reference"], true), (t["amount"], true)]);
        if (bill.MoreCredits is { } more)
        {
            Cells(page, E(t["more"]), "", "", Precise(more));
        }

        foreach (var c in credits)
        {
            Cells(page, At(c.At), E(t.Of("entry", c.Kind)), E(c.Reference ?? ""), Precise(c.Amount));
        }

        page.Append("</tbody></table>");
    }

    /// <summary>Debits that the bill asks for one by one, arrears by age.</summary>
    private static void AppendOwed(StringBuilder page, BillDocument bill, BillTexts t)
    {
        var owed = bill.Owed ?? [];
        if (owed.Any(o => o.Due is null))
        {
            Table(page, t["owed"], [(t["kind"], false), (t["reference"], true), (t["amount"], true)]);
            foreach (var o in owed.Where(o => o.Due is null))
            {
                Cells(page, E(t.Of("owed", o.Kind)), E(o.Reason ?? ""), Precise(o.Amount));
            }

            page.Append("</tbody></table>");
        }

        if (owed.Any(o => o.Due is not null))
        {
            Table(page, t["age"], [(t["age"], false), (t["amount"], true)]);
            foreach (var age in owed.Where(o => o.Due is not null).GroupBy(o => Ages.Last(a => a.From <= o.DaysLate).Key).OrderBy(g => g.Key[4..].Length)
                .ThenBy(g => g.Key, StringComparer.Ordinal))
            {
                Cells(page, E(t[age.Key]), Precise(age.Aggregate(Domain.WideMoney.Zero, (sum, o) => sum + BillMoney.Parse(o.Amount)).ToString()));
            }

            page.Append("</tbody></table>");
        }
    }

    private static void AppendLedger(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill is not { Opening: { } opening, Movements: { } movements })
        {
            return;
        }

        Table(page, t["ledger"], [(t["kind"], false), (t["amount"], true)]);
        Cells(page, E(t["opening"]), Precise(opening));
        foreach (var m in movements)
        {
            Cells(page, E(t.Of("entry", m.Kind)), Precise(m.Amount));
        }

        page.Append(CultureInfo.InvariantCulture, $"<tr class=\"total\"><td>{E(t["closing"])}</td><td class=\"n\">{Precise(bill.Balance)}</td></tr></tbody>"
            + $"</table><p class=\"note\">{E(t["ledgerNote"])}</p>");
    }

    private static void AppendUse(StringBuilder page, BillDocument bill, BillTexts t)
    {
        if (bill.Months is not { Count: > 1 } months)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{E(t["chart"])}");
        if (BillChart.Comparison(months) is { } year)
        {
            page.Append(CultureInfo.InvariantCulture,
                $" · {E(string.Format(CultureInfo.InvariantCulture, t["lastYear"], year.Now, year.Then))}"
                    + $"{(year.Percent is { } percent ? $" ({percent:+0;-0;0} %)" : "")}");
        }

        page.Append(CultureInfo.InvariantCulture, $"</figcaption>{BillChart.Svg(months, t)}</figure>");
    }

    private static void AppendHowToPay(StringBuilder page, BillDocument bill, BillParty party, BillTexts t)
    {
        if (!IsOwed(bill) || (party.WaysToPay.Length == 0 && party.Options is null))
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture,
            $"<h2>{E(t["howToPay"])}</h2><div class=\"how\"><p>{E(party.WaysToPay)} {E(string.Format(CultureInfo.InvariantCulture, t["name"], bill.Account))}");
        if (party.Options is { Seller.Iban: { Length: > 0 } iban })
        {
            page.Append(CultureInfo.InvariantCulture, $"<br>{E(t["bank"])}: {E(iban)}");
        }

        page.Append("</p>");
        if (party.Options is { PaymentCode: { Length: > 0 } code })
        {
            page.Append(BillCode.Svg(BillCode.TextOf(code, bill), string.Format(CultureInfo.InvariantCulture, t["code"], bill.Account)));
        }

        page.Append("</div>");
    }

    /// <summary>Opens a table: its heading, and columns with their alignment to the right.</summary>
    private static void Table(StringBuilder page, string? heading, (string Name, bool IsNumber)[] columns)
    {
        page.Append(heading is null ? "" : $"<h2>{E(heading)}</h2>").Append("<table><thead><tr>");
        foreach (var (name, isNumber) in columns)
        {
            page.Append(isNumber ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">").Append(E(name)).Append("</th>");
        }

        page.Append("</tr></thead><tbody>");
    }

    /// <summary>A row of cells that are encoded already, all but the first to the right.</summary>
    private static void Cells(StringBuilder page, string first, params string[] others)
    {
        page.Append("<tr><td>").Append(first).Append("</td>");
        foreach (var other in others)
        {
            page.Append("<td class=\"n\">").Append(other).Append("</td>");
        }

        page.Append("</tr>");
    }

    private static void Row(StringBuilder page, string name, string value) =>
        page.Append(CultureInfo.InvariantCulture, $"<dt>{E(name)}</dt><dd>{E(value)}</dd>");

    private static string E(string text) => BillText.Html(text);

    private static string At(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Kwh(long wh) => (wh / 1000m).ToString("#,0.000", CultureInfo.InvariantCulture);

    private static string Round(BillDocument bill, string money) => BillMoney.Round(bill.Currency, money);

    private static string Precise(string money) => BillMoney.Precise(money);
}
