using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Reads and checks mappings of settlement files: functions of their arguments alone.</summary>
internal static class SettlementMappings
{
    private const int PatternMax = 200;

    public static IReadOnlyList<string> Formats { get; } = ["csv", "wechat", "alipay", "mpesa", "camt"];

    /// <summary>The mapping of a JSON document; where it is null, all that is wrong with it, each with field, value and what would be right.</summary>
    public static (SettlementMapping? Mapping, IReadOnlyList<string> Wrong) Read(ReadOnlyMemory<byte> utf8)
    {
        if (JsonInput.Check(utf8, typeof(SettlementMapping), ApiJson.Options) is { } refusal)
        {
            return (null, [refusal.Detail]);
        }

        var mapping = JsonSerializer.Deserialize<SettlementMapping>(utf8.Span, ApiJson.Options)!;
        var wrong = Check(mapping);
        return wrong.Count == 0 ? (mapping, wrong) : (null, wrong);
    }

    /// <summary>All that is wrong with a mapping; empty where it can be used.</summary>
    public static IReadOnlyList<string> Check(SettlementMapping m)
    {
        var wrong = new List<string>();
        void Need(bool isRight, string field, object? value, string right)
        {
            if (!isRight)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{field}: '{value}' is not {right}."));
            }
        }

        Need(Formats.Contains(m.Format), "format", m.Format, string.Join(", ", Formats));
        Need(m.TxnId is "channel" or "merchant", "txnId", m.TxnId, "channel or merchant");
        Need(m.AmountOf is "settled" or "order", "amountOf", m.AmountOf, "settled or order");
        Need(m.FeeSign is "negative" or "positive", "feeSign", m.FeeSign, "negative or positive");
        Need(m.Zone is null || LocalCalendar.Find(m.Zone) is not null, "zone", m.Zone, "a time zone such as Asia/Shanghai");
        Need(m.AccountPattern is null || Pattern(m.AccountPattern) is not null, "accountPattern", m.AccountPattern,
            $"a regular expression of at most {PatternMax} characters with one group and without look-around or back references");
        foreach (var (field, words) in new[] { ("feeWords", m.FeeWords), ("refundWords", m.RefundWords), ("passedWords", m.PassedWords) })
        {
            Need(words.All(w => w.Trim().Length > 0), field, string.Join(", ", words), "a list of words without an empty one");
        }

        if (m.Format == "csv" && m.Csv is null)
        {
            wrong.Add("csv: the member is missing; the format csv needs its layout.");
        }
        else if (m.Format != "csv" && m.Csv is not null)
        {
            wrong.Add($"csv: it is only for the format csv, and the format is '{m.Format}'.");
        }
        else if (m.Csv is { } csv)
        {
            CsvMappingCheck.Check(csv, Need);
        }

        return wrong;
    }

    /// <summary>A pattern for accounts, with bounded time; null where it cannot be used.</summary>
    public static Regex? Pattern(string pattern)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
            return pattern.Length <= PatternMax && regex.GetGroupNumbers().Length == 2 ? regex : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public static char? DelimiterOf(CsvMapping csv) => csv.Delimiter == "tab" ? '\t' : csv.Delimiter.Length == 1 ? csv.Delimiter[0] : null;

    /// <summary>All columns that a mapping names, once each.</summary>
    public static IEnumerable<string> ColumnsOf(CsvMapping csv)
    {
        var c = csv.Columns;
        string?[] named = [c.Amount, c.Txn, c.Time, c.Day, c.Account, c.Fee, c.Kind, c.Original, c.Currency, csv.Rows?.Column];
        return named.OfType<string>().Concat(csv.References.Select(r => r.Column)).Distinct();
    }

    /// <summary>Whether a row of so many fields has a column at all.</summary>
    public static bool IsWithin(string column, int count, int? width) =>
        column.StartsWith('#') ? int.Parse(column.AsSpan(1), CultureInfo.InvariantCulture) <= count : count == width;
}
