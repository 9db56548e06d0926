using System.Globalization;
using System.Text;
using System.Xml;
using AccountGrid.Domain;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Writes a customer direct debit initiation, pain.008.001.02 or .08: one group header, and one payment information for each scheme and sequence type.
/// (Source: ISO 20022; EPC130-08 and EPC131-08, implementation guidelines for SEPA Direct Debit Core and B2B.)
/// </summary>
internal static class Pain008
{
    public static byte[] Write(DebitFile file)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };
        using (var x = XmlWriter.Create(bytes, settings))
        {
            x.WriteStartElement("Document", $"urn:iso:std:iso:20022:tech:xsd:{file.Setting.File}");
            x.WriteStartElement("CstmrDrctDbtInitn");
            Header(x, file);
            var groups = file.Lines.GroupBy(l => (l.Scheme, l.Sequence)).OrderBy(g => g.Key.Scheme, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Sequence, StringComparer.Ordinal);
            foreach (var group in groups)
            {
                Group(x, file, group.Key.Scheme, group.Key.Sequence, [.. group]);
            }

            x.WriteEndElement();
            x.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static void Header(XmlWriter x, DebitFile file)
    {
        x.WriteStartElement("GrpHdr");
        x.WriteElementString("MsgId", file.MessageId);
        x.WriteElementString("CreDtTm", file.CreatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Totals(x, file, file.Lines);
        x.WriteStartElement("InitgPty");
        x.WriteElementString("Nm", NameOf(file.Setting.Creditor!.Name));
        x.WriteEndElement();
        x.WriteEndElement();
    }

    private static void Totals(XmlWriter x, DebitFile file, IReadOnlyList<DebitLine> lines)
    {
        x.WriteElementString("NbOfTxs", lines.Count.ToString(CultureInfo.InvariantCulture));
        x.WriteElementString("CtrlSum", file.Units(lines.Aggregate(Money.Zero, (sum, l) => sum + l.Amount)));
    }

    private static void Group(XmlWriter x, DebitFile file, string scheme, string sequence, IReadOnlyList<DebitLine> lines)
    {
        var creditor = file.Setting.Creditor!;
        x.WriteStartElement("PmtInf");
        x.WriteElementString("PmtInfId", $"{file.MessageId}-{scheme.ToUpperInvariant()}-{sequence}");
        x.WriteElementString("PmtMtd", "DD");
        Totals(x, file, lines);
        x.WriteStartElement("PmtTpInf");
        Within(x, "SvcLvl", "Cd", "SEPA");
        Within(x, "LclInstrm", "Cd", scheme.ToUpperInvariant());
        x.WriteElementString("SeqTp", sequence);
        x.WriteEndElement();
        x.WriteElementString("ReqdColltnDt", Day(file.Day));
        Within(x, "Cdtr", "Nm", NameOf(creditor.Name));
        Account(x, "CdtrAcct", creditor.Account);
        Agent(x, file, "CdtrAgt", creditor.Agent);
        x.WriteElementString("ChrgBr", "SLEV");
        x.WriteStartElement("CdtrSchmeId");
        x.WriteStartElement("Id");
        x.WriteStartElement("PrvtId");
        x.WriteStartElement("Othr");
        x.WriteElementString("Id", creditor.Id);
        Within(x, "SchmeNm", "Prtry", "SEPA");
        x.WriteEndElement();
        x.WriteEndElement();
        x.WriteEndElement();
        x.WriteEndElement();
        foreach (var line in lines)
        {
            Transaction(x, file, line);
        }

        x.WriteEndElement();
    }

    private static void Transaction(XmlWriter x, DebitFile file, DebitLine line)
    {
        x.WriteStartElement("DrctDbtTxInf");
        Within(x, "PmtId", "EndToEndId", line.Item);
        x.WriteStartElement("InstdAmt");
        x.WriteAttributeString("Ccy", file.Currency);
        x.WriteString(file.Units(line.Amount));
        x.WriteEndElement();
        x.WriteStartElement("DrctDbtTx");
        x.WriteStartElement("MndtRltdInf");
        x.WriteElementString("MndtId", line.Mandate);
        x.WriteElementString("DtOfSgntr", Day(line.SignedOn));
        x.WriteEndElement();
        x.WriteEndElement();
        Agent(x, file, "DbtrAgt", line.DebtorAgent);
        Within(x, "Dbtr", "Nm", NameOf(line.DebtorName));
        Account(x, "DbtrAcct", line.DebtorAccount);
        Within(x, "RmtInf", "Ustrd", SepaText.Of($"{line.Account} {Day(line.DueDay)}", SepaText.RemittanceMax) ?? line.Item);
        x.WriteEndElement();
    }

    private static void Within(XmlWriter x, string outer, string inner, string value)
    {
        x.WriteStartElement(outer);
        x.WriteElementString(inner, value);
        x.WriteEndElement();
    }

    private static void Account(XmlWriter x, string name, string iban)
    {
        x.WriteStartElement(name);
        Within(x, "Id", "IBAN", iban);
        x.WriteEndElement();
    }

    /// <summary>A bank by its BIC, which has another name in version 02; NOTPROVIDED leaves it to the IBAN.</summary>
    private static void Agent(XmlWriter x, DebitFile file, string name, string? bic)
    {
        x.WriteStartElement(name);
        x.WriteStartElement("FinInstnId");
        if (bic is not null)
        {
            x.WriteElementString(file.Setting.File == "pain.008.001.02" ? "BIC" : "BICFI", bic);
        }
        else
        {
            Within(x, "Othr", "Id", "NOTPROVIDED");
        }

        x.WriteEndElement();
        x.WriteEndElement();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A name that was checked when it was registered.</summary>
    private static string NameOf(string name) =>
        SepaText.Of(name, SepaText.NameMax) ?? throw new InvariantBrokenException("A name that SEPA cannot carry was registered.");
}
