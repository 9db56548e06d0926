using System.Text.RegularExpressions;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>
/// The metrics that a PromQL expression names, each with the labels that it is filtered or grouped by. Knows the part of the language that alerts and
/// dashboards here use, and throws <see cref="FormatException"/> for the rest: <c>by (...)</c> stands before the brackets of its aggregation.
/// </summary>
internal sealed partial class PromQuery
{
    private static readonly string[] Aggregations = ["sum", "max", "min", "avg", "count", "topk"];
    private static readonly string[] Functions = ["rate", "increase", "histogram_quantile", "max_over_time", "absent"];
    private static readonly string[] Operators = ["and", "or", "unless"];

    private readonly List<string> _tokens;
    private readonly List<(int At, string Name, List<string> Labels)> _metrics = [];
    private int _at;

    private PromQuery(string text)
    {
        _tokens = [.. Token().Matches(text).Select(m => m.Value).Where(t => t.Trim().Length > 0)];
        if (string.Concat(_tokens).Length != text.Count(c => !char.IsWhiteSpace(c)) + _tokens.Sum(t => t.Count(char.IsWhiteSpace)))
        {
            throw new FormatException($"{text}: it has signs that are not known here.");
        }
    }

    /// <summary>Names with their labels, in the order of the text.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Labels)> MetricsOf(string text)
    {
        var query = new PromQuery(text);
        while (query._at < query._tokens.Count)
        {
            query.Next();
        }

        return [.. query._metrics.Select(m => (m.Name, (IReadOnlyList<string>)m.Labels))];
    }

    private void Next()
    {
        var token = _tokens[_at++];
        var follows = _at < _tokens.Count ? _tokens[_at] : "";
        if (!Name().IsMatch(token) || Operators.Contains(token))
        {
            return;
        }

        if (follows == "by" && Aggregations.Contains(token))
        {
            _at++;
            GroupInner(List("(", ")"));
        }
        else if (follows == "(")
        {
            _ = Aggregations.Contains(token) || Functions.Contains(token) ? token : throw new FormatException($"The function '{token}' is not known here.");
        }
        else if (Aggregations.Contains(token) || token is "by" or "without" or "on" or "ignoring" or "group_left" or "group_right" or "offset" or "bool")
        {
            throw new FormatException($"'{token}' is not known here in this place.");
        }
        else
        {
            _metrics.Add((_at - 1, token, follows == "{" ? [.. List("{", "}").Where((_, i) => i % 3 == 0)] : []));
        }
    }

    /// <summary>The items between an opening and a closing sign, without the commas.</summary>
    private List<string> List(string open, string close)
    {
        if (_tokens[_at++] != open)
        {
            throw new FormatException($"'{open}' is expected in the place of '{_tokens[_at - 1]}'.");
        }

        var inner = new List<string>();
        while (_tokens[_at++] is var token && token != close)
        {
            if (token != ",")
            {
                inner.Add(token);
            }
        }

        return inner;
    }

    /// <summary>Reads the brackets that follow; every metric in them has the labels of the group.</summary>
    private void GroupInner(List<string> labels)
    {
        var first = _metrics.Count;
        var depth = 0;
        do
        {
            depth += _tokens[_at] == "(" ? 1 : _tokens[_at] == ")" ? -1 : 0;
            Next();
        }
        while (depth > 0);
        _metrics.Skip(first).ToList().ForEach(m => m.Labels.AddRange(labels));
    }

    /// <summary>A text, a range in time, a name, an operator of labels or of values, a number, or another sign.</summary>
    [GeneratedRegex("""
        "[^"]*"|\[[0-9smhd:]+\]|[a-zA-Z_][a-zA-Z0-9_:]*|=~|!~|!=|==|>=|<=|[0-9.]+|[-+*/<>=(){},]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();

    [GeneratedRegex("^[a-zA-Z_]")]
    private static partial Regex Name();
}
