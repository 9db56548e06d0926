using System.Globalization;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Writes collections as the CSV that a channel's layout describes. What has the delimiter or a quotation mark in it is quoted (RFC 4180).</summary>
internal static class DebitCsv
{
    public static byte[] Write(DebitFile file)
    {
        var csv = file.Setting.Csv!;
        var delimiter = DirectDebitSettings.DelimiterOf(csv.Delimiter)!.Value;
        var text = new StringBuilder();
        void Line(IEnumerable<string> fields) =>
            text.AppendJoin(delimiter, fields.Select(f => Quoted(f, delimiter))).Append(csv.LineEnd == "crlf" ? "\r\n" : "\n");
        if (csv.Head.Count > 0)
        {
            Line(csv.Head.Select(f => Frame(f, file, csv)));
        }

        if (csv.Header)
        {
            Line(csv.Columns.Select(c => c.Name));
        }

        for (var i = 0; i < file.Lines.Count; i++)
        {
            var (line, serial) = (file.Lines[i], (i + 1).ToString(CultureInfo.InvariantCulture));
            Line(csv.Columns.Select(c => Field(c.Field, line, serial, file, csv)));
        }

        if (csv.Foot.Count > 0)
        {
            Line(csv.Foot.Select(f => Frame(f, file, csv)));
        }

        return SettlementText.Find(csv.Encoding)!.GetBytes(text.ToString());
    }

    /// <summary>Whether an encoding can carry a text: a name that it cannot is refused when a mandate is registered, and not when a file is due.</summary>
    public static bool CanCarry(DebitFileMapping csv, string text)
    {
        try
        {
            SettlementText.Find(csv.Encoding)!.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static string Field(string field, DebitLine line, string serial, DebitFile file, DebitFileMapping csv) => field switch
    {
        "serial" => serial,
        "item" => line.Item,
        "mandate" => line.Mandate,
        "signedOn" => Day(line.SignedOn, csv),
        "name" => line.DebtorName,
        "bankAccount" => line.DebtorAccount,
        "bank" => line.DebtorAgent ?? "",
        "customer" => line.Account,
        "amount" => Amount(line.Amount, file, csv),
        "day" => Day(line.Day, csv),
        "dueDay" => Day(line.DueDay, csv),
        "sequence" => line.Sequence,
        "scheme" => line.Scheme,
        _ => field[1..],
    };

    private static string Frame(string field, DebitFile file, DebitFileMapping csv) => field switch
    {
        "batch" => file.MessageId,
        "day" => Day(file.Day, csv),
        "count" => file.Lines.Count.ToString(CultureInfo.InvariantCulture),
        "total" => Amount(file.Total, file, csv),
        _ => field[1..],
    };

    private static string Amount(Money amount, DebitFile file, DebitFileMapping csv) =>
        csv.AmountIn == "minor" ? file.Units(amount).Replace(".", "", StringComparison.Ordinal).TrimStart('0') : file.Units(amount);

    private static string Day(DateOnly day, DebitFileMapping csv) => day.ToString(csv.DayFormat, CultureInfo.InvariantCulture);

    private static string Quoted(string field, char delimiter) =>
        field.Contains(delimiter, StringComparison.Ordinal) || field.Contains('"', StringComparison.Ordinal)
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
}
