using System.Text.Json;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// A JSON pointer (RFC 6901) into a message: <c>/values/energy</c> from the item that is looked at, <c>$/ts</c> from the message itself. A list of items may
/// have levels <c>*</c> (each member or element) and <c>{name}</c> (the same, and the member's name is a variable).
/// </summary>
internal sealed class ProfilePointer
{
    private readonly string[] _levels;
    private readonly string _text;

    private ProfilePointer(string text, string[] levels, bool isFromRoot) => (_text, _levels, IsFromRoot) = (text, levels, isFromRoot);

    /// <summary>Whether it begins at the message, not at the item.</summary>
    public bool IsFromRoot { get; }

    /// <summary>Whether it can name many places.</summary>
    public bool IsMany => _levels.Any(l => l == "*" || IsVariable(l));

    public IEnumerable<string> Variables => _levels.Where(IsVariable).Select(l => l[1..^1]);

    public override string ToString() => _text;

    /// <returns>Null with what is wrong, to follow the name of the field.</returns>
    public static ProfilePointer? Parse(string text, out string? problem)
    {
        var fromRoot = text.StartsWith('$');
        var path = fromRoot ? text[1..] : text;
        problem = path.Length > 0 && path[0] != '/'
            ? $"'{text}' is no JSON pointer such as /values/energy, or $/ts from the message itself."
            : HasWrongEscape(path) ? $"'{text}': after ~ only 0 (for ~) and 1 (for /) are known." : null;
        return problem is null
            ? new ProfilePointer(text, path.Length == 0 ? [] : [.. path[1..].Split('/').Select(Unescape)], fromRoot)
            : null;
    }

    /// <summary>The value at the place; null where there is none, or JSON's null.</summary>
    public JsonElement? Find(JsonElement item, JsonElement root)
    {
        var at = IsFromRoot ? root : item;
        foreach (var level in _levels)
        {
            if (Step(at, level) is not { } next)
            {
                return null;
            }

            at = next;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }

    /// <summary>All places that it names, each with the variables' values.</summary>
    public IEnumerable<(JsonElement Item, Dictionary<string, string> Variables)> Each(JsonElement root) => Each(root, 0, []);

    private IEnumerable<(JsonElement, Dictionary<string, string>)> Each(JsonElement at, int depth, Dictionary<string, string> variables)
    {
        if (depth == _levels.Length)
        {
            return [(at, variables)];
        }

        var level = _levels[depth];
        if (level != "*" && !IsVariable(level))
        {
            return Step(at, level) is { } next ? Each(next, depth + 1, variables) : [];
        }

        var named = at.ValueKind switch
        {
            JsonValueKind.Object => at.EnumerateObject().Select(p => (p.Name, p.Value)),
            JsonValueKind.Array => at.EnumerateArray().Select((e, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), e)),
            _ => [],
        };
        return named.SelectMany(n => Each(n.Item2, depth + 1, IsVariable(level) ? new(variables) { [level[1..^1]] = n.Item1 } : variables));
    }

    private static JsonElement? Step(JsonElement at, string level) => at.ValueKind switch
    {
        JsonValueKind.Object => at.TryGetProperty(level, out var member) ? member : null,
        JsonValueKind.Array => int.TryParse(level, System.Globalization.NumberStyles.None, null, out var i) && i < at.GetArrayLength() ? at[i] : null,
        _ => null,
    };

    private static bool IsVariable(string level) => level is ['{', _, .., '}'] && level.AsSpan(1, level.Length - 2).ContainsAnyExceptInRange('a', 'z') is false;

    private static bool HasWrongEscape(string path)
    {
        for (var i = path.IndexOf('~'); i >= 0; i = path.IndexOf('~', i + 1))
        {
            if (i + 1 == path.Length || path[i + 1] is not ('0' or '1'))
            {
                return true;
            }
        }

        return false;
    }

    private static string Unescape(string level) => level.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
