using AccountGrid.Domain;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Reads a CSV of results, such as a bank's 回盘, by the channel's layout.</summary>
internal static class DebitResultCsv
{
    public static DebitReading Read(byte[] bytes, DebitResultMapping m, string currency)
    {
        var digits = Currencies.DigitsOf(currency)!.Value;
        var reading = new DebitReading("csv", digits);
        if (LinesOf(bytes, m, reading) is not { } lines)
        {
            return reading;
        }

        var delimiter = DirectDebitSettings.DelimiterOf(m.Delimiter)!.Value;
        var places = new Dictionary<string, int>();
        var width = 0;
        if (m.HeaderLine > 0)
        {
            var header = m.HeaderLine <= lines.Length ? CsvFields.Split(lines[m.HeaderLine - 1], delimiter) ?? [] : [];
            width = header.Length;
            for (var i = 0; i < header.Length; i++)
            {
                places.TryAdd(header[i].Trim(), i);
            }
        }

        foreach (var column in new[] { m.Item, m.Result, m.Reason, m.Amount }.OfType<string>())
        {
            if (m.HeaderLine == 0)
            {
                places[column] = DirectDebitSettings.PlaceOf(column)!.Value - 1;
            }
            else if (!places.ContainsKey(column))
            {
                reading.Wrong(m.HeaderLine, column, null, "a column of the header");
            }
        }

        for (var i = m.HeaderLine; reading.Errors.All(e => e.Line != m.HeaderLine || m.HeaderLine == 0) && i < lines.Length; i++)
        {
            if (lines[i].Trim().Length > 0 && !m.Passed.Any(p => lines[i].StartsWith(p, StringComparison.Ordinal)))
            {
                Row(i + 1, lines[i], delimiter, width, places, m, digits, reading);
            }
        }

        return reading;
    }

    private static void Row(
        int line, string text, char delimiter, int width, Dictionary<string, int> places, DebitResultMapping m, int digits, DebitReading reading)
    {
        if (CsvFields.Split(text, delimiter) is not { } fields || (width > 0 && fields.Length != width)
            || (width == 0 && places.Values.Any(p => p >= fields.Length)))
        {
            reading.Wrong(line, "row", text, width > 0 ? $"a row of {width} fields" : $"a row of at least {places.Values.Max() + 1} fields");
            return;
        }

        var before = reading.Errors.Count;
        string Of(string column) => fields[places[column]].Trim();
        var (item, result) = (Of(m.Item), Of(m.Result));
        if (item.Length == 0)
        {
            reading.Wrong(line, m.Item, null, "the id of the collection");
        }

        var kind = m.Paid.Contains(result) ? "paid" : m.Returned.Contains(result) ? "returned" : m.Pending.Contains(result) ? "pending" : null;
        if (kind is null)
        {
            reading.Wrong(line, m.Result, result.Length == 0 ? null : result, $"one of {string.Join(", ", m.Paid.Concat(m.Returned).Concat(m.Pending))}");
        }

        // Where there is no column for reasons, the result itself is one.
        var (field, given) = m.Reason is { } column ? (column, Of(column)) : (m.Result, result);
        var reason = kind == "returned" ? reading.Reason(line, field, given, m.Reasons) : null;
        var form = m.AmountIn == "minor" ? new NumberForm(MinorDigits: digits) : NumberForm.Plain;
        var amount = m.Amount is { } a ? reading.Amount(line, a, Of(a), form) : null;
        if (reading.Errors.Count == before)
        {
            reading.Results.Add(new(line, m.Item, item, kind!, reason, amount));
        }
    }

    private static string[]? LinesOf(byte[] bytes, DebitResultMapping m, DebitReading reading)
    {
        var encoding = SettlementText.Find(m.Encoding)!;
        if (!SettlementText.IsText(bytes, encoding))
        {
            reading.Wrong(0, "encoding", "its bytes", $"text in {m.Encoding}");
            return null;
        }

        return encoding.GetString(bytes).TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
    }
}
