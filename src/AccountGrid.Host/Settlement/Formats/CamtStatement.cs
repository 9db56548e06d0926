using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Reads bank statements camt.053 and notifications camt.054 of ISO 20022, versions 02 to 14, by local names. A batch is one line for each of its
/// transactions. Of a statement, the opening balance and the entries must make the closing one. (Source: ISO 20022 message definitions; CHANNELS.)
/// </summary>
internal sealed partial class CamtStatement
{
    private const int VersionMin = 2;
    private const int VersionMax = 14;
    private static readonly NumberForm Numbers = NumberForm.Plain;

    private readonly SettlementBuilder _b;
    private readonly CamtEntries _entries;
    private readonly Dictionary<string, (decimal Number, int Line)> _sequences = [];

    private CamtStatement(SettlementMapping mapping, SettlementBuilder b) => (_b, _entries) = (b, new(mapping, b));

    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var b = new SettlementBuilder("camt", target, mapping.Zone);
        if (CamtXml.Load(bytes, (line, value, right) => b.Wrong(line, "xml", value, right)) is { } root)
        {
            new CamtStatement(mapping, b).Read(root);
        }

        return b.End();
    }

    private void Read(XElement root)
    {
        var match = Namespace().Match(root.Name.NamespaceName);
        if (root.Name.LocalName != "Document" || !match.Success
            || int.Parse(match.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is < VersionMin or > VersionMax)
        {
            _b.Wrong(CamtXml.LineOf(root), "Document", root.Name.ToString(), "a Document of camt.053.001 or camt.054.001, version 02 to 14");
            return;
        }

        var isStatement = match.Groups[1].Value == "053";
        var (message, part) = isStatement ? ("BkToCstmrStmt", "Stmt") : ("BkToCstmrDbtCdtNtfctn", "Ntfctn");
        var parts = root.Child(message)?.Children(part).ToList() ?? [];
        if (parts.Count == 0)
        {
            _b.Wrong(CamtXml.LineOf(root), part, null, $"an element {message} with at least one {part}");
        }

        foreach (var each in parts)
        {
            Part(each, isStatement);
        }
    }

    private void Part(XElement part, bool isStatement)
    {
        CheckSequence(part);
        decimal sum = 0;
        var (creditCount, debitCount, credits, debits) = (0, 0, 0m, 0m);
        foreach (var entry in part.Children("Ntry"))
        {
            if (_entries.Read(entry) is not { } signed)
            {
                continue;
            }

            sum += signed;
            (creditCount, credits) = signed > 0 ? (creditCount + 1, credits + signed) : (creditCount, credits);
            (debitCount, debits) = signed > 0 ? (debitCount, debits) : (debitCount + 1, debits - signed);
        }

        if (_b.Errors.Count > 0)
        {
            return;
        }

        if (part.Child("TxsSummry") is { } summary && !part.Children("Ntry").Any(e => CamtEntries.StateOf(e) != "BOOK"))
        {
            CheckSummary(summary.Child("TtlNtries"), creditCount + debitCount, credits + debits, "entries");
            CheckSummary(summary.Child("TtlCdtNtries"), creditCount, credits, "credits");
            CheckSummary(summary.Child("TtlDbtNtries"), debitCount, debits, "debits");
        }

        if (isStatement)
        {
            CheckBalances(part, sum);
        }
    }

    private void CheckSummary(XElement? total, int count, decimal sum, string what)
    {
        if (total?.Child("NbOfNtries") is { } n)
        {
            _b.Declare(CamtXml.LineOf(n), $"{total.Name.LocalName}/NbOfNtries", n.Value.Trim(), Numbers, count, $"the count of {what}");
        }

        if (total?.Child("Sum") is { } s)
        {
            _b.Declare(CamtXml.LineOf(s), $"{total.Name.LocalName}/Sum", s.Value.Trim(), Numbers, sum, $"the sum of {what}");
        }
    }

    /// <summary>The opening balance with the booked entries must be the closing one: else an entry is missing.</summary>
    private void CheckBalances(XElement part, decimal sum)
    {
        var opening = Balance(part, "PRCD") ?? Balance(part, "OPBD");
        var closing = Balance(part, "CLBD");
        if (opening is not { } from || closing is not { } to)
        {
            if (_b.Errors.Count == 0)
            {
                _b.Wrong(CamtXml.LineOf(part), opening is null ? "Bal PRCD" : "Bal CLBD", null, "the balances PRCD (or OPBD) and CLBD of the statement");
            }

            return;
        }

        if (from.Value + sum == to.Value)
        {
            _b.Declared.Add(new(to.Line, "Bal CLBD", to.Value));
            return;
        }

        _b.Wrong(to.Line, "Bal CLBD", SettlementBuilder.Shown(to.Value),
            $"{SettlementBuilder.Shown(from.Value + sum)}, which is the opening balance {SettlementBuilder.Shown(from.Value)} and the booked entries "
            + SettlementBuilder.Shown(sum));
    }

    private (decimal Value, int Line)? Balance(XElement part, string code)
    {
        var balance = part.Children("Bal").FirstOrDefault(x => x.Child("Tp")?.Child("CdOrPrtry")?.Child("Cd")?.Value.Trim() == code);
        if (balance is null)
        {
            return null;
        }

        var line = CamtXml.LineOf(balance);
        var amount = _b.Number(line, $"Bal {code} Amt", balance.Text("Amt"), Numbers);
        return amount is { } a && CamtXml.Sign(balance, $"Bal {code} CdtDbtInd", _b) is { } sign ? (a * sign, line) : null;
    }

    /// <summary>Statements of one account in a file follow each other without a gap.</summary>
    private void CheckSequence(XElement part)
    {
        if (part.Text("ElctrncSeqNb") is not { Length: > 0 } text)
        {
            return;
        }

        var line = CamtXml.LineOf(part.Child("ElctrncSeqNb")!);
        var account = part.Child("Acct")?.Child("Id")?.Value.Trim() ?? "";
        if (_b.Number(line, "ElctrncSeqNb", text, Numbers) is not { } number)
        {
            return;
        }

        if (_sequences.TryGetValue(account, out var last) && number != last.Number + 1)
        {
            _b.Wrong(line, "ElctrncSeqNb", text, $"{last.Number + 1}, the number behind that of line {last.Line}; a statement is missing or not in its place");
        }

        _sequences[account] = (number, line);
    }

    [GeneratedRegex(@"camt\.(053|054)\.001\.(\d\d)$")]
    private static partial Regex Namespace();
}
