using System.Globalization;
using AccountGrid.Domain.Billing;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Payments;

/// <summary>What makes a configuration of direct debit usable: functions of their arguments alone.</summary>
internal static class DirectDebitSettings
{
    private const int NoticeDaysMax = 60;
    private const int LeadDaysMax = 14;
    private const int AnswerDaysMax = 15;
    private const int ColumnsMax = 50;

    public static IReadOnlyList<string> Schemes { get; } = ["core", "b2b", "batch"];

    public static IReadOnlyList<string> Files { get; } = ["pain.008.001.08", "pain.008.001.02", "csv"];

    /// <summary>What can stand in a row of collections.</summary>
    public static IReadOnlyList<string> RowFields { get; } =
        ["serial", "item", "mandate", "signedOn", "name", "bankAccount", "bank", "customer", "amount", "day", "dueDay", "sequence", "scheme"];

    /// <summary>What can stand in the lines before and behind the rows.</summary>
    public static IReadOnlyList<string> FrameFields { get; } = ["batch", "day", "count", "total"];

    /// <summary>All that is wrong with a configuration; empty where it can be used.</summary>
    public static IReadOnlyList<string> Check(DirectDebitSetting s, string currency)
    {
        var wrong = new List<string>();
        void Need(bool isRight, string field, object? value, string right)
        {
            if (!isRight)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{field}: '{value}' is not {right}."));
            }
        }

        var isSepa = s.File != "csv";
        Need(s.Schemes.Count > 0 && s.Schemes.All(Schemes.Contains) && s.Schemes.Distinct().Count() == s.Schemes.Count
            && (s.Schemes.Count == 1 || !s.Schemes.Contains("batch")), "schemes", string.Join(", ", s.Schemes), "core, b2b or both, or batch alone");
        Need(Files.Contains(s.File), "file", s.File, string.Join(", ", Files));
        Need(s.NoticeDays is >= 1 and <= NoticeDaysMax, "noticeDays", s.NoticeDays, $"1 to {NoticeDaysMax}");
        Need(s.LeadDays is >= 0 and <= LeadDaysMax && s.LeadDays < s.NoticeDays, "leadDays", s.LeadDays, $"0 to {LeadDaysMax} and less than noticeDays");
        Need(s.AnswerDays is >= 0 and <= AnswerDaysMax, "answerDays", s.AnswerDays, $"0 to {AnswerDaysMax}");
        Need(s.DisputeDays is >= 0 and <= DebitRules.DisputeDaysMax, "disputeDays", s.DisputeDays, $"0 to {DebitRules.DisputeDaysMax}");
        if (isSepa)
        {
            Need(currency == "EUR", "file", s.File, $"for a channel in {currency}; SEPA collects in EUR");
            Need(!s.Schemes.Contains("batch"), "file", s.File, "for the scheme batch, which has a csv");
            Need(s.Csv is null, "csv", "given", "for pain.008");
            Creditor(s.Creditor, Need);
        }
        else if (s.Csv is null)
        {
            wrong.Add("csv: the member is missing; the file csv needs its layout.");
        }
        else
        {
            Csv(s.Csv, Need);
        }

        if (s.Results is { } results)
        {
            Results(results, Need);
        }

        return wrong;
    }

    /// <summary>A delimiter that was checked; null for what is none.</summary>
    public static char? DelimiterOf(string delimiter) =>
        delimiter == "tab" ? '\t' : delimiter.Length == 1 && delimiter[0] != '"' && !char.IsLetterOrDigit(delimiter[0]) ? delimiter[0] : null;

    private static void Creditor(DebitCreditor? creditor, Action<bool, string, object?, string> need)
    {
        need(creditor is not null, "creditor", null, "missing where pain.008 is made");
        if (creditor is not null)
        {
            need(SepaText.Of(creditor.Name, SepaText.NameMax) is not null, "creditor.name", creditor.Name, SepaText.RightName);
            need(SepaText.IsIban(creditor.Account), "creditor.account", creditor.Account, "an IBAN without blanks");
            need(creditor.Id.Length is > 0 and <= SepaText.IdMax && creditor.Id.All(char.IsAsciiLetterOrDigit), "creditor.id", creditor.Id,
                "a creditor identifier of letters and digits");
            need(creditor.Agent is null || SepaText.IsBic(creditor.Agent), "creditor.agent", creditor.Agent, "a BIC of 8 or 11 characters");
        }
    }

    private static void Csv(DebitFileMapping csv, Action<bool, string, object?, string> need)
    {
        static bool IsField(string field, IReadOnlyList<string> known) => field.StartsWith('=') ? !field.Any(char.IsControl) : known.Contains(field);
        need(SettlementText.Find(csv.Encoding) is not null, "csv.encoding", csv.Encoding, "the name of an encoding such as utf-8 or gbk");
        need(DelimiterOf(csv.Delimiter) is not null, "csv.delimiter", csv.Delimiter, "one sign such as , or ; or |, or the word tab");
        need(csv.LineEnd is "lf" or "crlf", "csv.lineEnd", csv.LineEnd, "lf or crlf");
        need(csv.AmountIn is "units" or "minor", "csv.amountIn", csv.AmountIn, "units or minor");
        need(csv.DayFormat is "yyyy-MM-dd" or "yyyyMMdd" or "dd.MM.yyyy" or "dd/MM/yyyy" or "yyyy/MM/dd", "csv.dayFormat", csv.DayFormat,
            "yyyy-MM-dd, yyyyMMdd, yyyy/MM/dd, dd.MM.yyyy or dd/MM/yyyy");
        need(csv.Columns.Count is > 0 and <= ColumnsMax && csv.Columns.Any(c => c.Field == "item") && csv.Columns.Any(c => c.Field == "amount"), "csv.columns",
            string.Join(", ", csv.Columns.Select(c => c.Field)), "a list with item and amount");
        foreach (var column in csv.Columns)
        {
            need(IsField(column.Field, RowFields), "csv.columns", column.Field, $"=text or one of {string.Join(", ", RowFields)}");
            need(!column.Name.Any(char.IsControl), "csv.columns", column.Name, "a name without control characters");
        }

        foreach (var field in csv.Head.Concat(csv.Foot))
        {
            need(IsField(field, FrameFields), "csv.head, csv.foot", field, $"=text or one of {string.Join(", ", FrameFields)}");
        }
    }

    private static void Results(DebitResultMapping r, Action<bool, string, object?, string> need)
    {
        need(SettlementText.Find(r.Encoding) is not null, "results.encoding", r.Encoding, "the name of an encoding such as utf-8 or gbk");
        need(DelimiterOf(r.Delimiter) is not null, "results.delimiter", r.Delimiter, "one sign such as , or ; or |, or the word tab");
        need(r.AmountIn is "units" or "minor", "results.amountIn", r.AmountIn, "units or minor");
        need(r.HeaderLine is >= 0 and <= 100, "results.headerLine", r.HeaderLine, "0 to 100");
        need(r.Passed.All(p => p.Length > 0), "results.passed", string.Join(", ", r.Passed), "a list of starts of lines without an empty one");
        var all = r.Paid.Concat(r.Returned).Concat(r.Pending).ToList();
        need(r.Paid.Count > 0 && r.Returned.Count > 0 && all.Distinct().Count() == all.Count, "results.paid, results.returned, results.pending",
            string.Join(", ", all), "lists without a value that is there twice, the first two not empty");
        foreach (var (field, column) in new[] { ("item", r.Item), ("result", r.Result), ("reason", r.Reason), ("amount", r.Amount) })
        {
            need(column is null || (r.HeaderLine > 0 ? column.Length > 0 : PlaceOf(column) is not null), $"results.{field}", column,
                "the name of a column, or #3 for the third field where there is no header");
        }

        foreach (var (own, code) in r.Reasons)
        {
            need(SepaText.IsReason(code), $"results.reasons.{own}", code, "a code of ISO 20022 such as AM04");
        }
    }

    /// <summary>Place of a column that is named by it, from 1; null where it is named otherwise.</summary>
    public static int? PlaceOf(string column) =>
        column.StartsWith('#') && int.TryParse(column.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place is > 0 and <= 500
            ? place
            : null;
}
