using System.Text.RegularExpressions;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Reads an M-Pesa organisation statement: lead-in lines, exports that leave columns out, several forms of dates, and fees as rows of their own.
/// (Source: Mifos M-PESA import pages.)
/// </summary>
internal sealed class MpesaStatement
{
    private const string Receipt = "Receipt No.";
    private const string Completion = "Completion Time";
    private const string Details = "Details";
    private const string Status = "Transaction Status";
    private const string PaidIn = "Paid In";
    private const string Withdrawn = "Withdrawn";
    private const string Reason = "Reason Type";
    private const string Linked = "Linked Transaction ID";
    private const string Account = "A/C No.";
    private const string DefaultAccountPattern = @"\bAcc(?:ount|t)?\b\.?\s*(?:No\b\.?)?\s*[:#]?\s*(\S+)";

    private static readonly string[] Known = [Receipt, Completion, Details, Status, PaidIn, Withdrawn, Reason, Linked, Account];
    private static readonly string[] Needed = [Receipt, Completion, Details, Status, PaidIn, Withdrawn];
    private static readonly string[] States = ["Failed", "Declined", "Cancelled"];

    private static readonly string[] TimeFormats =
    [
        "dd/MM/yyyy HH:mm:ss", "dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:sszzz", "dd/MM/yyyy HH:mm",
        "dd-MM-yyyy HH:mm",
    ];

    private static readonly NumberForm Numbers = new(GroupSign: ',');

    private readonly SettlementMapping _mapping;
    private readonly SettlementBuilder _b;
    private readonly Regex _account;

    private MpesaStatement(SettlementMapping mapping, SettlementBuilder b) =>
        (_mapping, _b, _account) = (mapping, b, SettlementMappings.Pattern(mapping.AccountPattern ?? DefaultAccountPattern)!);

    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var b = new SettlementBuilder("mpesa", target, mapping.Zone);
        if (SettlementText.Lines(bytes, SettlementText.Utf8, b) is { } lines)
        {
            new MpesaStatement(mapping, b).Read(lines);
        }

        return b.End();
    }

    public static bool IsHeader(string line) => Plain(line).Contains("receiptno", StringComparison.Ordinal) && line.Contains(',', StringComparison.Ordinal);

    /// <summary>A name without what exports write differently: letters and digits, lower case.</summary>
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private void Read(string[] lines)
    {
        var header = Array.FindIndex(lines, IsHeader);
        if (header < 0 || CsvFields.Split(lines[header], ',') is not { } names)
        {
            _b.Wrong(0, "header", null, $"a line with the columns {string.Join(", ", Needed)}");
            return;
        }

        var plain = names.Select(Plain).ToArray();
        foreach (var missing in Needed.Where(n => !plain.Contains(Plain(n))))
        {
            _b.Wrong(header + 1, missing, null, "a column of this name in the header of an M-Pesa statement");
        }

        if (_b.Errors.Count > 0)
        {
            return;
        }

        var columns = Known.Where(n => plain.Contains(Plain(n))).ToDictionary(n => n, n => Array.IndexOf(plain, Plain(n)));
        for (var i = header + 1; i < lines.Length; i++)
        {
            if (lines[i].Trim().Trim(',').Length == 0)
            {
                continue;
            }

            var fields = CsvFields.Split(lines[i], ',')?.Select(f => f.Trim()).ToArray();
            if (fields?.Length != names.Length)
            {
                _b.Wrong(i + 1, "row", fields is null ? lines[i] : $"{fields.Length} fields",
                    $"a row of {names.Length} fields; an amount with a thousands comma belongs in quotation marks");
                continue;
            }

            Row(new SettlementRow(i + 1, fields, columns));
        }
    }

    private void Row(SettlementRow row)
    {
        var (line, before) = (row.Line, _b.Errors.Count);
        if (States.Contains(row[Status], StringComparer.OrdinalIgnoreCase))
        {
            _b.Pass(line, $"{Status} is '{row[Status]}'");
            return;
        }

        if (!row[Status].Equals("Completed", StringComparison.OrdinalIgnoreCase))
        {
            _b.Wrong(line, Status, row[Status], $"Completed, {string.Join(", ", States)}");
            return;
        }

        var (paidIn, withdrawn) = (Of(row, PaidIn), Of(row, Withdrawn));
        if (_b.Errors.Count == before && (paidIn == Money.Zero) == (withdrawn == Money.Zero))
        {
            _b.Wrong(line, $"{PaidIn}, {Withdrawn}", $"{row[PaidIn]}, {row[Withdrawn]}", "an amount in one of the two columns");
        }

        if (paidIn.IsNegative)
        {
            _b.Wrong(line, PaidIn, row[PaidIn], "more than 0");
        }

        if (_b.Errors.Count > before || KindOf(row, paidIn) is not { } kind)
        {
            return;
        }

        // Withdrawn is written with or without its sign.
        var outgoing = withdrawn.IsNegative ? -withdrawn : withdrawn;
        var amount = kind == SettlementLineKind.Payment ? paidIn : kind == SettlementLineKind.Fee && paidIn > Money.Zero ? -paidIn : outgoing;
        var receipt = _b.Id(line, Receipt, row[Receipt]);
        if (receipt is null && _b.Errors.Count == before)
        {
            _b.Wrong(line, Receipt, "", "the receipt number of the transaction");
        }

        var original = _b.Id(line, Linked, row[Linked]);
        var account = row[Account].Length > 0 ? row[Account] : AccountIn(row[Details]);
        if (_b.Time(line, Completion, row[Completion], TimeFormats) is { } at)
        {
            _b.Take(
                new(line, kind, receipt, [], amount, Money.Zero, at, _b.Target.BusinessDay(at), kind == SettlementLineKind.Fee ? null : _b.Text(line, Account,
                    account ?? ""), kind == SettlementLineKind.Refund ? original : null), before);
        }
    }

    private Money Of(SettlementRow row, string column) =>
        row[column].Length == 0 ? Money.Zero : _b.Amount(row.Line, column, row[column], Numbers);

    private string? AccountIn(string details) => _account.Match(details) is { Success: true } m ? m.Groups[1].Value : null;

    /// <summary>What a row is, by its reason type or, where the export has none, its details.</summary>
    private SettlementLineKind? KindOf(SettlementRow row, Money paidIn)
    {
        var column = row[Reason].Length > 0 ? Reason : Details;
        if (Has(row[column], _mapping.FeeWords))
        {
            return SettlementLineKind.Fee;
        }

        if (Has(row[column], _mapping.PassedWords))
        {
            _b.Pass(row.Line, $"{column} is '{row[column]}'");
            return null;
        }

        if (paidIn > Money.Zero)
        {
            return SettlementLineKind.Payment;
        }

        if (Has(row[column], _mapping.RefundWords))
        {
            return SettlementLineKind.Refund;
        }

        var words = _mapping.FeeWords.Concat(_mapping.RefundWords).Concat(_mapping.PassedWords);
        _b.Wrong(row.Line, column, row[column],
            $"known for money that is withdrawn; it has none of the words {string.Join(", ", words)}. Name it in the mapping");
        return null;
    }

    private static bool Has(string text, IReadOnlyList<string> words) =>
        words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
}
