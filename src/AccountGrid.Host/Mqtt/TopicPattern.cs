namespace AccountGrid.Host.Mqtt;

/// <summary>
/// Topics of one kind of message, such as <c>accountgrid/v1/{gateway}/readings</c>: each <c>{name}</c> is one whole level, whatever it holds. Other
/// levels are as they are written.
/// </summary>
internal sealed class TopicPattern
{
    /// <summary>Longest topic that is read, characters: four identifiers of this grid and what is around them.</summary>
    private const int LengthMax = 512;

    private readonly string[] _levels;

    private TopicPattern(string[] levels) => _levels = levels;

    /// <summary>What the broker is asked for: each variable is a <c>+</c>.</summary>
    public string Filter => string.Join('/', _levels.Select(l => IsVariable(l) ? "+" : l));

    public IEnumerable<string> Variables => _levels.Where(IsVariable).Select(NameOf);

    public override string ToString() => string.Join('/', _levels);

    /// <returns>Null with what is wrong, to follow the name of the field.</returns>
    public static TopicPattern? Parse(string text, out string? problem)
    {
        var levels = text.Split('/');
        var names = levels.Where(IsVariable).Select(NameOf).ToList();
        problem = text.Length is 0 or > LengthMax ? $"'{text}' does not have 1 to {LengthMax} characters."
            : levels.FirstOrDefault(l => l.Contains('+') || l.Contains('#') || l.Any(char.IsControl)) is { } wild
                ? $"'{text}': the level '{wild}' has a wildcard or a control character; write {{name}} for a level that varies."
            : levels.FirstOrDefault(l => (l.Contains('{') || l.Contains('}')) && !IsVariable(l)) is { } part
                ? $"'{text}': '{part}' is no whole level such as {{gateway}}, of letters."
            : names.Count != names.Distinct().Count() ? $"'{text}' has a variable twice."
            : text.StartsWith('$') ? $"'{text}' begins with $, which is the broker's own."
            : null;
        return problem is null ? new TopicPattern(levels) : null;
    }

    /// <summary>The variables' values, or null where the topic is another one. A level without a character is no value.</summary>
    public Dictionary<string, string>? Match(string topic)
    {
        if (topic.Length > LengthMax || topic.Count(c => c == '/') != _levels.Length - 1)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var levels = topic.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (!IsVariable(_levels[i]))
            {
                if (levels[i] != _levels[i])
                {
                    return null;
                }
            }
            else if (levels[i].Length == 0)
            {
                return null;
            }
            else
            {
                values[NameOf(_levels[i])] = levels[i];
            }
        }

        return values;
    }

    /// <summary>Whether a topic can be of both.</summary>
    public bool Overlaps(TopicPattern other) => _levels.Length == other._levels.Length
        && _levels.Zip(other._levels).All(l => l.First == l.Second || IsVariable(l.First) || IsVariable(l.Second));

    /// <summary>A topic with the variables' values in it. Null where a value is missing or would be more than one level.</summary>
    public string? Fill(IReadOnlyDictionary<string, string> values)
    {
        var levels = new string[_levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = _levels[i];
            if (IsVariable(levels[i]) && (!values.TryGetValue(NameOf(_levels[i]), out levels[i]!) || levels[i].AsSpan().ContainsAny("/+#\0")))
            {
                return null;
            }
        }

        return string.Join('/', levels);
    }

    private static bool IsVariable(string level) => level is ['{', _, .., '}'] && level.AsSpan(1, level.Length - 2).ContainsAnyExceptInRange('a', 'z') is false;

    private static string NameOf(string level) => level[1..^1];
}
