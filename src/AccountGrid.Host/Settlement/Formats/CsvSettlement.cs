using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Reads a CSV whose layout a mapping declares. The mapping was checked.</summary>
internal sealed class CsvSettlement
{
    private readonly CsvMapping _mapping;
    private readonly SettlementBuilder _b;
    private readonly char _delimiter;
    private readonly NumberForm _numbers;
    private readonly char[] _strip;
    private readonly CsvSums _sums = new();
    private readonly List<(int Line, CsvTotals Totals, string[] Fields)> _totals = [];

    private CsvSettlement(CsvMapping mapping, SettlementBuilder b)
    {
        (_mapping, _b) = (mapping, b);
        _delimiter = SettlementMappings.DelimiterOf(mapping)!.Value;
        _numbers = new(
            mapping.DecimalSign[0], mapping.GroupSign.Length == 0 ? null : mapping.GroupSign[0], mapping.AmountIn == "minor" ? b.Target.Digits : null);
        _strip = [' ', '\t', .. mapping.Strip];
    }

    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var csv = mapping.Csv!;
        var b = new SettlementBuilder("csv", target, mapping.Zone);
        if (SettlementText.Lines(bytes, SettlementText.Find(csv.Encoding)!, b, csv.Encoding) is { } lines)
        {
            new CsvSettlement(csv, b).Read(lines);
        }

        return b.End();
    }

    private void Read(string[] lines)
    {
        if (Header(lines) is not (var first, { } columns, var width))
        {
            return;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var text = lines[i];
            if (_mapping.Totals.FirstOrDefault(t => text.StartsWith(t.Starts, StringComparison.Ordinal)) is { } totals)
            {
                if (Split(i + 1, text) is { } declared)
                {
                    _totals.Add((i + 1, totals, declared));
                }
            }
            else if (i >= first && text.Trim(_strip).Length > 0 && !_mapping.Comments.Any(c => text.StartsWith(c, StringComparison.Ordinal))
                && Split(i + 1, text) is { } fields)
            {
                Row(new SettlementRow(i + 1, fields, columns), fields.Length, width);
            }
        }

        CheckTotals();
    }

    /// <summary>First line of rows, from 0, the place of each column, and how many fields a row has; null where the header is not right.</summary>
    private (int First, Dictionary<string, int>? Columns, int? Width)? Header(string[] lines)
    {
        var names = SettlementMappings.ColumnsOf(_mapping).ToList();
        if (_mapping.HeaderLine == 0)
        {
            return (0, names.ToDictionary(n => n, Number), null);
        }

        var candidates = _mapping.HeaderLine is { } line ? lines.Select((text, i) => (text, i)).Skip(line - 1).Take(1) : lines.Select((text, i) => (text, i));
        string[]? best = null;
        foreach (var (text, i) in candidates)
        {
            if (CsvFields.Split(text, _delimiter)?.Select(f => f.Trim(_strip)).ToArray() is not { } header)
            {
                continue;
            }

            if (names.Where(n => !n.StartsWith('#')).All(header.Contains))
            {
                return Columns(i + 1, header, names) is { } columns ? (i + 1, columns, header.Length) : null;
            }

            best = best is null || names.Count(header.Contains) > names.Count(best.Contains) ? header : best;
        }

        var missing = names.Where(n => !n.StartsWith('#') && best?.Contains(n) != true);
        _b.Wrong(_mapping.HeaderLine ?? 0, "header", null, $"a header with the columns of the mapping; not found: {string.Join(", ", missing)}");
        return null;
    }

    private Dictionary<string, int>? Columns(int line, string[] header, List<string> names)
    {
        foreach (var name in names.Where(n => header.Count(h => h == n) > 1))
        {
            _b.Wrong(line, "header", name, "a name of one column only; it is there twice");
        }

        return _b.Errors.Count > 0 ? null : names.ToDictionary(n => n, n => n.StartsWith('#') ? Number(n) : Array.IndexOf(header, n));
    }

    private static int Number(string name) => int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) - 1;

    private string[]? Split(int line, string text)
    {
        var fields = CsvFields.Split(text, _delimiter);
        if (fields is null)
        {
            _b.Wrong(line, "row", text, "a row whose quotation marks enclose a field or are doubled within one");
        }

        return fields?.Select(f => f.Trim(_strip)).ToArray();
    }

    private void Row(SettlementRow row, int count, int? width)
    {
        var need = width ?? SettlementMappings.ColumnsOf(_mapping).Max(Number) + 1;
        var filter = _mapping.Rows;

        // A record of another type may have other fields: it is judged by its type first.
        var hasFilter = filter is not null && SettlementMappings.IsWithin(filter.Column, count, width);
        if (hasFilter && filter!.Pass?.Contains(row[filter.Column]) == true)
        {
            _b.Pass(row.Line, $"{filter.Column} is '{row[filter.Column]}'");
            return;
        }

        if (width is not null ? count != need : count < need)
        {
            _b.Wrong(row.Line, "row", $"{count} fields", $"a row of {need} fields; a field that holds the delimiter belongs in quotation marks");
            return;
        }

        if (filter is not null && !filter.Keep.Contains(row[filter.Column]))
        {
            _b.Wrong(row.Line, filter.Column, row[filter.Column], $"one of {string.Join(", ", filter.Keep.Concat(filter.Pass ?? []))}");
            return;
        }

        Line(row);
    }

    private void Line(SettlementRow row)
    {
        var c = _mapping.Columns;
        var (line, before) = (row.Line, _b.Errors.Count);
        var amount = _b.Amount(line, c.Amount, row[c.Amount], _numbers);
        if (KindOf(row, amount) is not { } kind)
        {
            return;
        }

        // A kind says the direction; the sign may say it again, but not the contrary.
        var size = kind == SettlementLineKind.Fee ? amount : kind == SettlementLineKind.Refund && amount.IsNegative ? -amount : amount;
        if (kind != SettlementLineKind.Fee && size <= Money.Zero && _b.Errors.Count == before)
        {
            _b.Wrong(line, c.Amount, row[c.Amount], "more than 0");
        }

        var txn = c.Txn is null ? null : _b.Id(line, c.Txn, row[c.Txn]);
        var references = References(row);
        if (kind != SettlementLineKind.Fee && txn is null && references.Count == 0 && _b.Errors.Count == before)
        {
            _b.Wrong(line, c.Txn ?? _mapping.References[0].Column, "", "an id; the row has no id of any kind");
        }

        var at = c.Time is null ? null : _b.Time(line, c.Time, row[c.Time], _mapping.TimeFormats);
        var day = c.Day is not null ? _b.Day(line, c.Day, row[c.Day], _mapping.DayFormats) : at is { } t ? _b.Target.BusinessDay(t) : default;
        var fee = c.Fee is null || kind == SettlementLineKind.Fee ? Money.Zero : _b.Fee(line, c.Fee, row[c.Fee], _numbers);
        var account = c.Account is null ? null : _b.Text(line, c.Account, row[c.Account]);
        var original = c.Original is null ? null : _b.Id(line, c.Original, row[c.Original]);
        if (c.Currency is not null)
        {
            _b.CheckCurrency(line, c.Currency, row[c.Currency]);
        }

        if (_b.Errors.Count == before)
        {
            _sums.Add(kind, size, fee);
        }

        _b.Take(new(line, kind, txn, references, size, fee, at, day, account, original), before);
    }

    private SettlementLineKind? KindOf(SettlementRow row, Money amount)
    {
        if (_mapping.Columns.Kind is not { } column)
        {
            return amount.IsNegative && _mapping.NegativeIsRefund ? SettlementLineKind.Refund : SettlementLineKind.Payment;
        }

        var (kinds, value) = (_mapping.Kinds!, row[column]);
        if (kinds.Payment.Contains(value))
        {
            return SettlementLineKind.Payment;
        }

        if (kinds.Refund?.Contains(value) == true)
        {
            return SettlementLineKind.Refund;
        }

        if (kinds.Fee?.Contains(value) == true)
        {
            return SettlementLineKind.Fee;
        }

        if (kinds.Passed?.Contains(value) == true)
        {
            _b.Pass(row.Line, $"{column} is '{value}'");
        }
        else
        {
            var known = new[] { kinds.Payment, kinds.Refund, kinds.Fee, kinds.Passed }.SelectMany(k => k ?? []);
            _b.Wrong(row.Line, column, value, $"one of {string.Join(", ", known)}");
        }

        return null;
    }

    private List<SettlementReference> References(SettlementRow row) =>
        [
            .. _mapping.References.Select(r => (r.Kind, Id: _b.Id(row.Line, r.Column, row[r.Column]))).Where(r => r.Id is not null)
                .Select(r => new SettlementReference(r.Kind, r.Id!))];

    private void CheckTotals()
    {
        foreach (var totals in _mapping.Totals)
        {
            var found = _totals.Where(t => t.Totals == totals).ToList();
            if (found.Count != 1)
            {
                _b.Wrong(
                    found.Count == 0 ? 0 : found[1].Line, "totals", found.Count == 0 ? null : totals.Starts,
                    $"one line that begins with '{totals.Starts}'; without it the file may be cut off");
            }
        }

        // Sums of rows that could not be read say nothing.
        var isWhole = _b.Errors.Count == 0;
        foreach (var (line, totals, fields) in _totals)
        {
            foreach (var (what, place) in totals.Fields.OrderBy(f => f.Value))
            {
                if (place > fields.Length)
                {
                    _b.Wrong(line, what, null, $"field {place} of the line, which has {fields.Length}");
                }
                else if (isWhole)
                {
                    _b.Declare(line, what, fields[place - 1], CsvSums.IsCount(what) ? NumberForm.Plain : _numbers, _sums.Of(what), CsvSums.Meaning(what));
                }
            }
        }
    }
}
