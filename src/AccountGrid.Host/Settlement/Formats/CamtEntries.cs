using System.Text.RegularExpressions;
using System.Xml.Linq;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Entries of a statement as lines: one for an entry, or one for each transaction of a batch.</summary>
internal sealed class CamtEntries(SettlementMapping mapping, SettlementBuilder b)
{
    private static readonly string[] DayFormats = ["yyyy-MM-dd", "yyyy-MM-ddzzz"];
    private static readonly string[] States = ["BOOK", "PDNG", "INFO", "FUTR"];

    private static readonly string[] TimeFormats =
        ["yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    private static readonly NumberForm Numbers = NumberForm.Plain;
    private readonly Regex? _account = mapping.AccountPattern is null ? null : SettlementMappings.Pattern(mapping.AccountPattern);

    /// <summary>The state of an entry: text in version 02, an element with a code in later ones.</summary>
    public static string StateOf(XElement entry) =>
        entry.Child("Sts") is { } status ? (status.HasElements ? status.Text("Cd") : status.Value.Trim()) : "";

    /// <summary>Takes the lines of an entry; what it does to the balance, or null where it does nothing or has an error.</summary>
    public decimal? Read(XElement entry)
    {
        var (line, before) = (CamtXml.LineOf(entry), b.Errors.Count);
        var state = StateOf(entry);
        if (state is "PDNG" or "INFO" or "FUTR")
        {
            b.Pass(line, $"Sts is '{state}'");
            return null;
        }

        if (state != "BOOK")
        {
            b.Wrong(line, "Sts", state, $"one of {string.Join(", ", States)}");
        }

        var amount = Amount(entry, "Ntry");
        var sign = CamtXml.Sign(entry, "CdtDbtInd", b);
        var day = Day(entry);
        var isReversal = IsReversal(entry);
        if (b.Errors.Count > before)
        {
            return null;
        }

        var details = entry.Children("NtryDtls").ToList();
        var transactions = details.SelectMany(d => d.Children("TxDtls")).ToList();
        CheckBatch(details, transactions.Count, amount);
        if (transactions.Count == 0)
        {
            Take(entry, entry, amount, sign!.Value, isReversal, day);
        }
        else
        {
            Transactions(entry, transactions, amount, sign!.Value, isReversal, day);
        }

        return b.Errors.Count > before ? null : sign!.Value * SettlementBuilder.ValueOf(amount);
    }

    private void Transactions(XElement entry, List<XElement> transactions, Money total, int sign, bool isReversal, (DateOnly Day, DateTimeOffset? At) day)
    {
        var before = b.Errors.Count;
        var sum = 0m;
        foreach (var transaction in transactions)
        {
            // Versions up to 02 have the amount within AmtDtls; a single transaction may leave it to its entry.
            var holder = transaction.Child("Amt") is not null ? transaction : transaction.Child("AmtDtls")?.Child("TxAmt");
            var amount = holder is null && transactions.Count == 1 ? total : Amount(holder ?? transaction, "TxDtls");
            sum += SettlementBuilder.ValueOf(amount);
            if (transaction.Child("CdtDbtInd") is not null && CamtXml.Sign(transaction, "TxDtls/CdtDbtInd", b) is { } own && own != sign)
            {
                b.Wrong(CamtXml.LineOf(transaction), "TxDtls/CdtDbtInd", transaction.Text("CdtDbtInd"), "that of its entry");
            }

            if (b.Errors.Count == before)
            {
                Take(entry, transaction, amount, sign, isReversal, day);
            }
        }

        if (b.Errors.Count == before && sum != SettlementBuilder.ValueOf(total))
        {
            b.Wrong(CamtXml.LineOf(entry), "Ntry/Amt", entry.Text("Amt"),
                $"{SettlementBuilder.Shown(sum)}, the sum of its {transactions.Count} transactions");
        }
    }

    private void CheckBatch(List<XElement> details, int count, Money amount)
    {
        foreach (var batch in details.Select(d => d.Child("Btch")).OfType<XElement>())
        {
            var line = CamtXml.LineOf(batch);

            // A bank may declare a batch whose transactions it sends elsewhere.
            if (batch.Text("NbOfTxs") is { Length: > 0 } n && count > 0)
            {
                b.Declare(line, "Btch/NbOfTxs", n, Numbers, count, "the count of TxDtls");
            }

            if (batch.Text("TtlAmt") is { Length: > 0 } t && details.Count == 1)
            {
                b.Declare(line, "Btch/TtlAmt", t, Numbers, SettlementBuilder.ValueOf(amount), "the amount of the entry");
            }
        }
    }

    /// <param name="e">The transaction; the entry itself where it has none.</param>
    private void Take(XElement entry, XElement e, Money amount, int sign, bool isReversal, (DateOnly Day, DateTimeOffset? At) day)
    {
        var (line, before) = (CamtXml.LineOf(e), b.Errors.Count);
        if (KindOf(entry, e, sign, isReversal) is not { } kind)
        {
            var why = sign < 0 ? "a debit that is no reversal, return or fee: an own payment" : "the reversal of a debit: an own payment came back";
            b.Pass(line, why);
            return;
        }

        var refs = e.Child("Refs");
        var ofEntry = e == entry || entry.Children("NtryDtls").SelectMany(d => d.Children("TxDtls")).Count() == 1 ? entry.Text("AcctSvcrRef") : "";
        var service = refs?.Text("AcctSvcrRef") is { Length: > 0 } own ? own : ofEntry;
        var endToEnd = refs?.Text("EndToEndId") is { Length: > 0 } id and not "NOTPROVIDED" ? id : "";
        var (txn, other, kindOfOther) = mapping.TxnId == "channel" ? (service, endToEnd, "endToEnd") : (endToEnd, service, "bank");
        List<SettlementReference> references = [];
        void Add(string what, string field, string value)
        {
            if (b.Id(line, field, value) is { } right)
            {
                references.Add(new(what, right));
            }
        }

        Add(kindOfOther, mapping.TxnId == "channel" ? "EndToEndId" : "AcctSvcrRef", other);
        Add("mandate", "MndtId", refs?.Text("MndtId") ?? "");
        Add("transaction", "TxId", refs?.Text("TxId") ?? "");
        var fee = kind == SettlementLineKind.Fee ? Money.Zero : FeeOf(e, line);
        var size = kind == SettlementLineKind.Fee && sign > 0 ? -amount : amount;
        var account = kind == SettlementLineKind.Fee ? null : b.Text(line, "RmtInf", AccountOf(e));
        b.Take(
            new(line, kind, b.Id(line, mapping.TxnId == "channel" ? "AcctSvcrRef" : "EndToEndId", txn), references, size, fee, day.At, day.Day, account,
                kind == SettlementLineKind.Refund && mapping.TxnId == "merchant" ? b.Id(line, "EndToEndId", endToEnd) : null), before);
    }

    /// <summary>
    /// What an entry is; null where it is the company's own payment. The direction is already that after a reversal: a reversed credit is a debit. A debit with
    /// a reason of return is a direct debit that came back.
    /// </summary>
    private SettlementLineKind? KindOf(XElement entry, XElement e, int sign, bool isReversal)
    {
        var codes = new[] { entry.Child("BkTxCd"), e.Child("BkTxCd") }.OfType<XElement>().SelectMany(c => c.Descendants()).Where(c => !c.HasElements)
            .Select(c => c.Value.Trim());
        if (codes.Any(c => mapping.FeeWords.Contains(c, StringComparer.OrdinalIgnoreCase)))
        {
            return SettlementLineKind.Fee;
        }

        var isReturn = isReversal || (sign < 0 && e.Child("RtrInf") is not null);
        return sign > 0
            ? isReturn ? null : SettlementLineKind.Payment
            : isReturn ? SettlementLineKind.Refund : null;
    }

    private bool IsReversal(XElement entry)
    {
        var text = entry.Text("RvslInd");
        if (text is not ("" or "true" or "false" or "1" or "0"))
        {
            b.Wrong(CamtXml.LineOf(entry), "RvslInd", text, "true or false");
        }

        return text is "true" or "1";
    }

    private Money Amount(XElement e, string of)
    {
        var line = CamtXml.LineOf(e);
        if (e.Child("Amt") is not { } amount)
        {
            b.Wrong(line, $"{of}/Amt", null, "the amount of each entry and of each transaction of a batch");
            return Money.Zero;
        }

        b.CheckCurrency(line, $"{of}/Amt Ccy", amount.Attribute("Ccy")?.Value ?? "");
        return b.Positive(line, $"{of}/Amt", amount.Value.Trim(), Numbers);
    }

    private Money FeeOf(XElement e, int line)
    {
        var sum = 0m;
        foreach (var record in e.Child("Chrgs")?.Children("Rcrd") ?? [])
        {
            sum += (record.Text("CdtDbtInd") == "CRDT" ? -1 : 1) * (b.Number(line, "Chrgs/Rcrd/Amt", record.Text("Amt"), Numbers) ?? 0);
        }

        return SettlementBuilder.MoneyOf(sum);
    }

    private (DateOnly Day, DateTimeOffset? At) Day(XElement entry)
    {
        var line = CamtXml.LineOf(entry);
        if (entry.Text("BookgDt", "DtTm") is { Length: > 0 } time)
        {
            var at = b.Time(line, "BookgDt/DtTm", time.EndsWith('Z') ? $"{time[..^1]}+00:00" : time, TimeFormats);
            return (at is { } t ? b.Target.BusinessDay(t) : default, at);
        }

        if (entry.Text("BookgDt", "Dt") is { Length: > 0 } day)
        {
            return (b.Day(line, "BookgDt/Dt", day.Length > 10 ? day[..10] : day, DayFormats), null);
        }

        b.Wrong(line, "BookgDt", null, "the day on which the entry was booked, BookgDt/Dt or BookgDt/DtTm");
        return default;
    }

    /// <summary>The structured reference, or what the mapping's pattern finds in the free text.</summary>
    private string AccountOf(XElement e)
    {
        var remittance = e.Child("RmtInf");
        if (remittance?.Text("Strd", "CdtrRefInf", "Ref") is { Length: > 0 } reference)
        {
            return reference;
        }

        var free = string.Concat(remittance?.Children("Ustrd").Select(u => u.Value) ?? []);
        return _account?.Match(free) is { Success: true } m ? m.Groups[1].Value : "";
    }
}
